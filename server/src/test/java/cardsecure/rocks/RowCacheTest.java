package cardsecure.rocks;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.store.SealedData;
import cardsecure.store.TokenRow;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowCacheTest {
    private static final FingerprintKey KEY = new FingerprintKey(SITE, fingerprint(1));
    private static final TokenRow ROW = row("t1", 1, 1);

    private final RowCache cache = new RowCache();

    @Test
    void whatWasReadIsKept() {
        cache.keep(cache.mark(), KEY, ROW.place());
        cache.keep(cache.mark(), ROW);

        assertThat(cache.place(KEY)).contains(ROW.place());
        assertThat(cache.row(ROW.place())).contains(ROW);
        assertThat(cache.row(place("t2"))).isEmpty();
    }

    @Test
    void aChangeLetsGoOfWhatItConcernsAlone() {
        TokenRow other = row("t2", 2, 2);
        FingerprintKey otherKey = new FingerprintKey(SITE, fingerprint(2));
        cache.keep(cache.mark(), KEY, ROW.place());
        cache.keep(cache.mark(), ROW);
        cache.keep(cache.mark(), otherKey, other.place());
        cache.keep(cache.mark(), other);

        cache.changed(List.of(ROW.place()), List.of(KEY));

        assertThat(cache.place(KEY)).isEmpty();
        assertThat(cache.row(ROW.place())).isEmpty();
        assertThat(cache.place(otherKey)).contains(other.place());
        assertThat(cache.row(other.place())).contains(other);
    }

    @Test
    void whatWasReadBeforeAChangeIsNotKeptAfterIt() {
        long mark = cache.mark();
        cache.changed(List.of(ROW.place()), List.of());
        cache.keep(mark, ROW);
        cache.keep(mark, KEY, ROW.place());

        assertThat(cache.row(ROW.place())).isEmpty();
        assertThat(cache.place(KEY)).isEmpty();

        mark = cache.mark();
        cache.forget();
        cache.keep(mark, ROW);

        assertThat(cache.row(ROW.place())).isEmpty();
    }

    @Test
    void largeRowsDoNotFillTheMemory() {
        TokenRow large = new TokenRow(place("x"), Optional.empty(), Optional.of(new SealedData(new byte[1 << 20])));
        for (int i = 0; i < 200; i++) {
            cache.keep(cache.mark(), new TokenRow(place("t" + i), large.fingerprint(), large.data()));
        }

        assertThat(IntStream.range(0, 200).filter(i -> cache.row(place("t" + i)).isPresent()))
                .hasSizeBetween(1, 32);
    }
}
