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
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
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
            "Make a swipe, dip or tap of a published test card under a published test key, as a reader sends it. Needs",
            "no server; one that runs with --dev takes it (CZ).",
            ""
        },
        footer = {
            "",
            "Formats: idtech (what a reader types as a keyboard), idtech-binary, idtech-original, idtech-manual,",
            "  idtech-manual-enhanced, idtech-emv, idtech-emv-marked, idtech-emv-doubled, magtek, magtek-hid,",
            "  magtek-emv, generic-tlv, generic-tags, ksn-and-hex, rua",
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
    private static final String DATA_DEVICE = "FFFF9876540000C";
    private static final String PIN_DEVICE = "FFFF9876543210E";
    private static final String AES_DEVICE = "1234567890123456";
    private static final int YEARS_VALID = 3;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "idtech",
            description = "Which reader's; idtech unless given.")
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

    @Option(names = "--counter", paramLabel = "N", defaultValue = "1", description = "The reader's counter, from 1 on.")
    private int counter;

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

    @Option(names = "--serial", paramLabel = "SERIAL", defaultValue = "SIM00001", description = "The reader's number.")
    private String serial = "";

    @Option(
            names = "--encoding",
            paramLabel = "ENCODING",
            description = "raw, hex, base64 or base64url; unless given, raw for text and hex for bytes.")
    private Optional<String> encoding = Optional.empty();

    @Option(names = "--form", description = "Print the whole request, URL-encoded, for curl --data @-.")
    private boolean form;

    private final InstantSource clock;

    /// Goes by the system's clock.
    public SimulateSwipeCommand() {
        this(InstantSource.system());
    }

    SimulateSwipeCommand(InstantSource clock) {
        this.clock = clock;
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
        String text = new String(encoding(swipe).encode(swipe).reveal(), StandardCharsets.ISO_8859_1);
        PrintWriter out = spec.commandLine().getOut();
        out.println(form ? "action=CZ&data=" + URLEncoder.encode(text, StandardCharsets.ISO_8859_1) : text);
        out.flush();
        return 0;
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
        return switch (format) {
            case "idtech" -> SwipeFormat.IDTECH_KEYBOARD;
            case "magtek" -> SwipeFormat.MAGTEK_KEYBOARD;
            default -> oneOf("--format", format, SwipeFormat.class);
        };
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
            return Ksn.parseHex(ksn.orElseGet(() -> bdk.equals("test-aes")
                    ? AES_DEVICE + String.format("%08X", counter)
                    : (usual(chosen) == KeyVariant.PIN ? PIN_DEVICE : DATA_DEVICE) + String.format("%05X", counter)));
        } catch (Refusal e) {
            throw wrong("no KSN: " + e.reason());
        }
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

    private static String label(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
