package cardsecure.stores;

import cardsecure.store.Page;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// All rows of a store, a page at a time; the next one is read while the last is worked on. For one thread.
final class Pages implements AutoCloseable {
    private final TokenStore store;
    private final int size;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("store-reader").daemon().factory());
    private Future<Page<TokenRow>> ahead;

    Pages(TokenStore store, int size) {
        this.store = store;
        this.size = size;
        this.ahead = read(Optional.empty());
    }

    private Future<Page<TokenRow>> read(Optional<TokenPlace> after) {
        return reader.submit(() -> store.rows(after, size));
    }

    /// The next page; an empty one, once, at the end.
    Page<TokenRow> next() throws StoreException {
        try {
            Page<TokenRow> page = ahead.get();
            if (!page.isEmpty()) {
                ahead = read(Optional.of(page.last().place()));
            }
            return page;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StoreException cause ? cause : new StoreException("rows cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted", e);
        }
    }

    @Override
    public void close() {
        // A read that is under way ends before the store is closed.
        reader.close();
    }
}
