package cardsecure.cli;

import cardsecure.card.Expiry;
import cardsecure.card.TestCard;
import cardsecure.card.TrackData;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.dukpt.Scheme;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.SwipeCipher;
import cardsecure.swipe.SwipeEncoding;
import cardsecure.swipe.SwipeFormat;
import cardsecure.swipe.SwipeMaker;
import cardsecure.swipe.SwipePlan;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `cardsecure simulate swipe`.
@Command(
        name = "swipe",
        usageHelpWidth = 100,
        description = {
            "Make a swipe, dip or tap of a published test card under a published test key, as a reader sends it.",
            "Needs no server; one that runs with --dev takes it (CZ).",
            ""
        },
        footer = {
            "",
            "Cards: visa, visa-ones, mastercard, amex, discover, diners, jcb, maestro-19",
            "",
            "Examples:",
            "  cardsecure simulate swipe --form | curl --data @- http://127.0.0.1:6080/cardsecure/cs",
            "  cardsecure simulate swipe --format magtek --card amex --counter 7",
            "  cardsecure simulate swipe --format idtech-emv --encoding base64url",
        })
public final class SimulateSwipeCommand extends TypedCommand implements Callable<Integer> {
    /// ANSI X9.24-1:2009, A.4, and the supplement to X9.24-3:2017.
    private static final String TDES_KEY = "0123456789ABCDEFFEDCBA9876543210";

    private static final String AES_KEY = "FEDCBA9876543210F1F1F1F1F1F1F1F1";
    private static final Ksn DATA_DEVICE = Ksn.parseHex("FFFF9876540000C00001");
    private static final Ksn PIN_DEVICE = Ksn.parseHex("FFFF9876543210E00001");
    private static final Ksn AES_DEVICE = Ksn.parseHex("123456789012345600000001");
    private static final int YEARS_VALID = 3;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "idtech",
            completionCandidates = Formats.class,
            description = {
                "Which reader's; idtech, what one types as a keyboard, unless given:",
                "${COMPLETION-CANDIDATES}."
            })
    private String format = "";

    @Option(
            names = "--card",
            paramLabel = "CARD",
            defaultValue = "visa",
            description = "A published test card by name or number; visa unless given.")
    private String card = "";

    @Option(
            names = "--bdk",
            paramLabel = "KEY",
            defaultValue = "test",
            description = "test: the key of ANSI's examples of triple DES DUKPT; test-aes: that of AES DUKPT.")
    private String bdk = "";

    @Option(
            names = "--counter",
            paramLabel = "N",
            defaultValue = "1",
            description = "The reader's counter, from 1 on: 21 bits of triple DES, 32 of AES.")
    private long counter;

    @Option(names = "--ksn", paramLabel = "HEX", description = "The whole KSN, in place of --counter.")
    private Optional<String> ksn = Optional.empty();

    @Option(
            names = "--variant",
            paramLabel = "VARIANT",
            description = "data-one-way, data-plain or pin; unless given, what the format's readers use.")
    private Optional<String> variant = Optional.empty();

    @Option(names = "--aes", description = "AES in place of triple DES, under a key of triple DES DUKPT (ID TECH).")
    private boolean aes;

    @Option(
            names = "--tracks",
            paramLabel = "TRACKS",
            defaultValue = "both",
            description = "1, 2 or both; both unless given.")
    private String tracks = "";

    @Option(
            names = "--hashes",
            paramLabel = "HASHES",
            defaultValue = "zero",
            description = "none, zero, sha1 or sha256: ID TECH's hashes of the tracks; zero unless given.")
    private String hashes = "";

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "TEST/CARD", description = "As on track 1.")
    private String name = "";

    @Option(names = "--expiry", paramLabel = "YYMM", description = "Three years from now unless given.")
    private Optional<String> expiry = Optional.empty();

    @Option(
            names = "--serial",
            paramLabel = "SERIAL",
            defaultValue = "SIM00001",
            description = "The reader's number, of 8, 10 or 16 characters at most, as the format has it.")
    private String serial = "";

    @Option(
            names = "--encoding",
            paramLabel = "ENCODING",
            description = "raw, hex, base64 or base64url; unless given, raw for text and hex for bytes.")
    private Optional<String> encoding = Optional.empty();

    @Option(names = "--form", description = "Print the whole request, URL-encoded, for curl --data @-.")
    private boolean form;

    private final InstantSource clock;
    private final OutputStream bytesOut;

    /// What `--format` takes.
    private static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(SwipeFormat.values())
                    .map(SimulateSwipeCommand::label)
                    .iterator();
        }
    }

    /// Goes by the system's clock.
    public SimulateSwipeCommand() {
        this(InstantSource.system(), new FileOutputStream(FileDescriptor.out));
    }

    /// @param bytesOut where swipes go that are no text: standard output
    SimulateSwipeCommand(InstantSource clock, OutputStream bytesOut) {
        this.clock = clock;
        this.bytesOut = bytesOut;
    }

    /// Prints the swipe.
    @Override
    public Integer call() {
        SecretBytes swipe;
        try {
            swipe = SwipeMaker.make(plan());
        } catch (Refusal e) {
            throw wrong("no such swipe: " + e.reason());
        }
        SecretBytes encoded = encoding(swipe).encode(swipe);
        String text = new String(encoded.reveal(), StandardCharsets.ISO_8859_1);
        if (form) {
            return terminal().say("action=CZ&data=" + URLEncoder.encode(text, StandardCharsets.ISO_8859_1));
        }
        return isText(encoded) ? terminal().say(text) : terminal().bytes(encoded, bytesOut);
    }

    private SwipePlan plan() {
        SwipeFormat chosen = format();
        Ksn used = ksn(chosen);
        boolean aesDukpt = used.scheme() == Scheme.AES;
        return new SwipePlan(
                chosen,
                TestCard.of(card)
                        .orElseThrow(() -> wrong("--card: published test cards only"))
                        .pan(),
                name,
                expiry(),
                "201",
                baseKey(),
                used,
                variant(chosen, aesDukpt),
                aes || aesDukpt ? SwipeCipher.AES : SwipeCipher.TDES,
                oneOf("--hashes", hashes, SwipePlan.Hashes.class),
                tracks(),
                serial);
    }

    private SwipeFormat format() {
        return oneOf("--format", format, SwipeFormat.class);
    }

    private BaseKey baseKey() {
        return switch (bdk) {
            case "test" -> new BaseKey(BaseKeyAlgorithm.TDES, key(TDES_KEY));
            case "test-aes" -> new BaseKey(BaseKeyAlgorithm.AES_128, key(AES_KEY));
            default -> throw wrong("--bdk is test or test-aes: swipes are simulated under published test keys only");
        };
    }

    private static SecretBytes key(String hex) {
        return SecretBytes.owning(HexFormat.of().parseHex(hex));
    }

    private Ksn ksn(SwipeFormat chosen) {
        try {
            return ksn.map(Ksn::parseHex).orElseGet(() -> device(chosen).withCounter(counter));
        } catch (Refusal e) {
            throw wrong("no KSN: " + e.reason());
        }
    }

    private Ksn device(SwipeFormat chosen) {
        if (bdk.equals("test-aes")) {
            return AES_DEVICE;
        }
        return usual(chosen) == KeyVariant.PIN ? PIN_DEVICE : DATA_DEVICE;
    }

    private static KeyVariant usual(SwipeFormat chosen) {
        return switch (chosen) {
            case MAGTEK_KEYBOARD, MAGTEK_HID, MAGTEK_EMV -> KeyVariant.PIN;
            case IDTECH_KEYBOARD,
                    IDTECH_BINARY,
                    IDTECH_ORIGINAL,
                    IDTECH_MANUAL,
                    IDTECH_MANUAL_ENHANCED,
                    IDTECH_EMV,
                    IDTECH_EMV_MARKED,
                    IDTECH_EMV_DOUBLED,
                    GENERIC_TLV,
                    GENERIC_TAGS,
                    KSN_AND_HEX,
                    RUA -> KeyVariant.DATA_ONE_WAY;
        };
    }

    private KeyVariant variant(SwipeFormat chosen, boolean aesDukpt) {
        return variant.map(text -> oneOf("--variant", text, KeyVariant.class))
                .orElse(aesDukpt ? KeyVariant.AES_128_DATA : usual(chosen));
    }

    private Set<TrackData.Kind> tracks() {
        return switch (tracks) {
            case "1" -> EnumSet.of(TrackData.Kind.ONE);
            case "2" -> EnumSet.of(TrackData.Kind.TWO);
            case "both" -> EnumSet.allOf(TrackData.Kind.class);
            default -> throw wrong("--tracks is 1, 2 or both");
        };
    }

    private Expiry expiry() {
        YearMonth usual =
                YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC)).plusYears(YEARS_VALID);
        return expiry.map(text -> Expiry.ofYymm(text.getBytes(StandardCharsets.UTF_8), 0)
                        .filter(_ -> text.length() == 4)
                        .orElseThrow(() -> wrong("--expiry is YYMM, such as 2911")))
                .orElse(new Expiry(usual.getYear(), usual.getMonthValue()));
    }

    private SwipeEncoding encoding(SecretBytes swipe) {
        return encoding.map(text -> oneOf("--encoding", text, SwipeEncoding.class))
                .orElse(isText(swipe) ? SwipeEncoding.RAW : SwipeEncoding.HEX);
    }

    private static boolean isText(SecretBytes swipe) {
        for (byte b : swipe.reveal()) {
            if (b < ' ' || b > '~') {
                return false;
            }
        }
        return true;
    }

    private <E extends Enum<E>> E oneOf(String option, String text, Class<E> choices) {
        return Arrays.stream(choices.getEnumConstants())
                .filter(choice -> label(choice).equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(option + " is one of "
                        + Arrays.stream(choices.getEnumConstants())
                                .map(SimulateSwipeCommand::label)
                                .collect(Collectors.joining(", "))));
    }

    /// What makers' readers usually do needs no word more: `idtech` is what one types as a keyboard.
    private static String label(Enum<?> choice) {
        return choice.name()
                .replaceFirst("_KEYBOARD$", "")
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
