package cardsecure.postgres;

import cardsecure.config.StoreLocation;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.store.TokenStoreContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PostgresTokenStoreTest implements TokenStoreContract {
    private StoreLocation.Postgres location = TestPostgres.NOWHERE;

    @BeforeEach
    void makeADatabase() {
        location = TestPostgres.newDatabase();
    }

    @Override
    public TokenStore newStore() throws StoreException {
        return TestPostgres.open(location);
    }

    @Override
    public TokenStore reopen(TokenStore store) throws StoreException {
        store.close();
        return TestPostgres.open(location);
    }
}
