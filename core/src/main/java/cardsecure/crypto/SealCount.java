package cardsecure.crypto;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyId;
import java.util.concurrent.atomic.LongAdder;

/// How often a data key has sealed. With random nonces a key may seal 2^32 times (NIST SP 800-38D, 8.3); it is to be
/// rotated long before, and refuses at the end. Safe for threads.
public final class SealCount {
    /// The most that a key may seal.
    public static final long MAX = 1L << 32;

    private final KeyId key;
    private final LongAdder counted = new LongAdder();
    private volatile boolean used;

    SealCount(KeyId key) {
        this.key = key;
    }

    /// Whose seals are counted.
    public KeyId key() {
        return key;
    }

    /// Adds what the key has sealed before, or elsewhere.
    public void add(long seals) {
        counted.add(seals);
        look();
    }

    /// One more.
    ///
    /// @throws Refusal `0017` if the key has sealed as often as it may
    void count() {
        if (used) {
            throw new Refusal(
                    ErrorCode.ENCRYPTION_FAILURE, "data key " + key + " has sealed as often as it may: rotate");
        }
        counted.increment();
    }

    private void look() {
        used = counted.sum() >= MAX;
    }

    /// How often, as far as is known; also looks whether it was too often.
    public long sum() {
        look();
        return counted.sum();
    }
}
