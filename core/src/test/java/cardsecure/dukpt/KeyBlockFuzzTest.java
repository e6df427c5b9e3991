package cardsecure.dukpt;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// Whatever an administrator takes for a key block: it is unwrapped, or it is refused, and nothing else happens.
class KeyBlockFuzzTest {
    private static final KeyBlockKey AES = new KeyBlockKey(KeyBlockKey.Cipher.AES, key(16));
    private static final KeyBlockKey TDES = new KeyBlockKey(KeyBlockKey.Cipher.TDES, key(16));

    private static SecretBytes key(int length) {
        return KeyBlockMaker.random(new Random(length), length);
    }

    /// @param input what to change of a good block, where, and to what; or a whole one
    @FuzzTest(maxDuration = "15s")
    void noTextMakesItFail(byte[] input) {
        if (input.length < 3) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 2, input.length);
        String text = input[0] % 2 == 0 ? changed(Byte.toUnsignedInt(input[1]), rest) : latin1(rest);
        for (KeyBlockKey protection : new KeyBlockKey[] {AES, TDES}) {
            try {
                KeyBlock.parse(text).unwrap(protection);
            } catch (Refusal _) {
                // That is one of the two.
            }
        }
    }

    private static String changed(int place, byte[] changes) {
        byte[] block = KeyBlockMaker.aes(AES, "B0AX00N", key(16), new Random(1)).getBytes(StandardCharsets.US_ASCII);
        int at = place % block.length;
        System.arraycopy(changes, 0, block, at, Math.min(changes.length, block.length - at));
        return latin1(block);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
