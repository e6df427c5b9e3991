package cardsecure.kek;

import cardsecure.crypto.Argon2;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.AesKeyWrapper;
import cardsecure.keys.KekName;
import cardsecure.keys.KeyWrapper;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A KEK that is made of a passphrase, by Argon2id. Salt and costs stand in its id, which the keystore keeps:
/// `argon2id-MEMORY-PASSES-SALT-CHECK`, memory in KiB, salt (16 bytes) and check (4 bytes) in hex.
public final class PassphraseKek implements KeyWrapper {
    /// What such a KEK's id begins with.
    static final String PREFIX = KekName.PASSPHRASE_PREFIX;

    /// Characters that a new passphrase has at least: whoever has a copy of the store can guess without end.
    public static final int CHARACTERS_MIN = 16;

    private static final int SALT_LENGTH = 16;
    private static final int PASSES = 3;
    private static final int CHECK_DIGITS = 8;
    private static final Pattern ID =
            Pattern.compile("(argon2id-([0-9]{1,7})-([0-9]{1,3})-([0-9a-f]{32})-)([0-9a-f]{8})");

    private final String kekId;
    private final AesKeyWrapper wrapper;

    private PassphraseKek(String kekId, AesKeyWrapper wrapper) {
        this.kekId = kekId;
        this.wrapper = wrapper;
    }

    /// A new KEK.
    ///
    /// @param memoryKib what it costs
    /// @param random cryptographically strong
    /// @throws Refusal `0027` for a passphrase that is too short, or too little memory
    static KeyWrapper create(SecretBytes passphrase, int memoryKib, RandomGenerator random) {
        requireGood(passphrase);
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        String head = PREFIX + memoryKib + "-" + PASSES + "-" + HexFormat.of().formatHex(salt) + "-";
        AesKeyWrapper made = derive(passphrase, new Argon2(memoryKib, PASSES, 1), salt, random);
        return new PassphraseKek(head + check(made), made);
    }

    /// The KEK of an id.
    ///
    /// @throws Refusal `0027` if the passphrase is not its, or the id is damaged
    static KeyWrapper open(SecretBytes passphrase, String kekId, RandomGenerator random) {
        return ifRight(passphrase, kekId, random)
                .orElseThrow(() -> refusal("wrong passphrase: it is not the one that the vault's keys are wrapped by"));
    }

    /// The KEK of an id, if the passphrase is its.
    ///
    /// @throws Refusal `0027` if the id is damaged
    static Optional<KeyWrapper> ifRight(SecretBytes passphrase, String kekId, RandomGenerator random) {
        Matcher parts = ID.matcher(kekId);
        if (!parts.matches()) {
            throw refusal("the keystore is damaged: the id of its KEK is none of a passphrase's");
        }
        AesKeyWrapper made = derive(
                passphrase,
                costs(parts.group(2), parts.group(3)),
                HexFormat.of().parseHex(parts.group(4)),
                random);
        return check(made).equals(parts.group(5)) ? Optional.of(new PassphraseKek(kekId, made)) : Optional.empty();
    }

    /// Whether a text can be the id of such a KEK.
    static boolean isId(String kekId) {
        Matcher parts = ID.matcher(kekId);
        return parts.matches()
                && Integer.parseInt(parts.group(2)) <= Argon2.MEMORY_MAX
                && !parts.group(3).equals("0");
    }

    private static Argon2 costs(String memoryKib, String passes) {
        try {
            return new Argon2(Integer.parseInt(memoryKib), Integer.parseInt(passes), 1);
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_NOT_INITIALIZED,
                    "the keystore is damaged: the id of its KEK has costs that cannot be",
                    e);
        }
    }

    /// Checks a passphrase that is to be set.
    ///
    /// @throws Refusal `0027` for one that is too short
    public static void requireGood(SecretBytes passphrase) {
        CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(passphrase.reveal()));
        int characters = text.length();
        Arrays.fill(text.array(), ' ');
        if (characters < CHARACTERS_MIN) {
            throw refusal("the passphrase is too short: a new one has at least " + CHARACTERS_MIN
                    + " characters, better six words drawn at random");
        }
    }

    /// Argon2id's bytes, if Java has the memory: without it the whole process would end. One at a time, so that none
    /// takes what another was promised.
    ///
    /// @throws Refusal `0027` if it has not
    public static synchronized byte[] derive(SecretBytes passphrase, Argon2 costs, byte[] salt) {
        long needed = costs.memoryKib() * 1280L;
        if (free() < needed) {
            System.gc();
        }
        long free = free();
        if (free < needed) {
            throw refusal("to make a key of the passphrase takes " + (needed >> 20) + " MiB of memory, and Java has "
                    + (free >> 20) + " MiB left; give it more, such as JAVA_OPTS=-Xmx1g");
        }
        return costs.derive(passphrase, salt);
    }

    private static long free() {
        Runtime java = Runtime.getRuntime();
        return java.maxMemory() - java.totalMemory() + java.freeMemory();
    }

    private static AesKeyWrapper derive(SecretBytes passphrase, Argon2 costs, byte[] salt, RandomGenerator random) {
        return new AesKeyWrapper(SecretBytes.owning(derive(passphrase, costs, salt)), random);
    }

    private static String check(AesKeyWrapper wrapper) {
        return wrapper.kekId().substring(0, CHECK_DIGITS);
    }

    @Override
    public String kekId() {
        return kekId;
    }

    @Override
    public byte[] wrap(SecretBytes key) {
        return wrapper.wrap(key);
    }

    @Override
    public SecretBytes unwrap(byte[] wrapped) {
        return wrapper.unwrap(wrapped);
    }

    private static Refusal refusal(String reason) {
        return new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, reason);
    }
}
