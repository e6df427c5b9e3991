package cardsecure.swipe;

import cardsecure.dukpt.Ksn;
import cardsecure.secret.SecretBytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Compares the hashes that readers send of what they encrypt. A hash needs no key and comes from the caller:
/// whoever has a frame could put that of a guess in its place, and be told whether a verification value is what he
/// guessed. So one wrong hash is all that a KSN has: from then on none of its is right, here. Safe for threads.
final class HashChecks {
    private static final int SHA256 = 32;
    private static final int REMEMBERED = 1 << 16;

    /// KSNs with a wrong hash; the eldest makes room.
    private final Set<Ksn> wrong;

    HashChecks() {
        this(REMEMBERED);
    }

    /// @param remembered how many KSNs at most
    HashChecks(int remembered) {
        wrong = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Ksn, Boolean> eldest) {
                return size() > remembered;
            }
        }));
    }

    /// Makes sure that a hash is of a text. Zeros are no hash: newer firmware sends none.
    ///
    /// @param ksn of the frame
    /// @param clear decrypted, and found to be what a reader encrypts
    void require(Ksn ksn, SecretBytes hash, SecretBytes clear) {
        byte[] told = hash.reveal();
        int sum = 0;
        for (byte each : told) {
            sum |= each;
        }
        if (sum == 0) {
            return;
        }
        boolean same = MessageDigest.isEqual(told, of(told.length, clear));
        boolean first = !same ? wrong.add(ksn) : !wrong.contains(ksn);
        Unreadable.require(
                same && first,
                SwipeStep.HASH,
                first ? "the hash is of something else" : "this KSN came with a wrong hash before");
    }

    /// @param length 20 or 32
    static byte[] of(int length, SecretBytes clear) {
        try {
            return MessageDigest.getInstance(length == SHA256 ? "SHA-256" : "SHA-1")
                    .digest(clear.reveal());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has both", e);
        }
    }
}
