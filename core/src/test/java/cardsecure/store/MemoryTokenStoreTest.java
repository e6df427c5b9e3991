package cardsecure.store;

class MemoryTokenStoreTest implements TokenStoreContract {
    @Override
    public TokenStore newStore() {
        return new MemoryTokenStore();
    }
}
