package cardsecure.protocol;

import cardsecure.card.Domain;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import cardsecure.vault.Action;
import cardsecure.vault.Call;
import cardsecure.vault.Parameters;
import cardsecure.wallet.WalletParameters;
import cardsecure.wire.Inbox;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Frames of the raw socket to calls, of both dialects, told apart frame by frame. The bytes of a connection are put
/// into [#space] as they come, however they are split; then [#next] is called until it is [Incomplete].
///
/// It holds one frame at most beside what was read with it, and grows only as bytes come, so that a length alone
/// costs nothing. For one connection, and one thread.
public final class FrameDecoder {
    /// The longest length that four digits can say.
    public static final int LENGTH_MAX = 9_999;

    private static final int FUNCTION_LENGTH = 2;
    private static final String VERSION = "01";

    /// What has come so far.
    public sealed interface Decoded {}

    /// No whole frame: more bytes are needed.
    public record Incomplete() implements Decoded {}

    /// A frame, to be answered.
    public record Frame(FrameHeader header, Call call) implements Decoded {}

    /// No frame, and nobody can tell where the next one would begin: the answer is the connection's last.
    public record Unreadable(FrameHeader header, Call call) implements Decoded {}

    private static final Incomplete INCOMPLETE = new Incomplete();

    private final int lengthMax;
    private final Inbox inbox;

    /// For frames up to a length.
    ///
    /// @param lengthMax the largest length that a frame may say
    public FrameDecoder(int lengthMax) {
        if (lengthMax < FrameDialect.FRAMED.headerLength() || lengthMax > LENGTH_MAX) {
            throw new IllegalArgumentException("no limit for frames: " + lengthMax);
        }
        this.lengthMax = lengthMax;
        this.inbox = new Inbox(FrameDialect.FRAMED.prefixLength() + lengthMax);
    }

    /// Where the next bytes go: from its position on, which whoever puts them there moves behind them. Always has
    /// room. Another one after each call.
    public ByteBuffer space() {
        return inbox.space();
    }

    /// Whether all bytes that came are taken, so that no frame has begun.
    public boolean isEmpty() {
        return inbox.isEmpty();
    }

    /// Takes the next frame.
    public Decoded next() {
        skipLineEnds();
        if (isEmpty()) {
            return INCOMPLETE;
        }
        FrameDialect dialect = FrameDialect.of(inbox.at(0));
        int known = Math.min(dialect.prefixLength(), inbox.length());
        for (int i = 0; i < known; i++) {
            if (!isOfPrefix(dialect, i)) {
                return unreadable(dialect, ErrorCode.WRONG_MESSAGE_LENGTH, "no frame begins so");
            }
        }
        if (known < dialect.prefixLength()) {
            return INCOMPLETE;
        }
        int length = length(dialect);
        if (length < dialect.headerLength()) {
            return unreadable(
                    dialect, ErrorCode.WRONG_MESSAGE_LENGTH, "the length " + length + " is shorter than a header");
        }
        if (length > lengthMax) {
            return unreadable(
                    dialect, ErrorCode.DATA_TOO_LONG, "the length " + length + " is over the limit of " + lengthMax);
        }
        return inbox.length() < dialect.prefixLength() + length ? INCOMPLETE : frame(dialect, length);
    }

    /// What is left when no more bytes will come: nothing, or a frame that is shorter than it said.
    public Decoded end() {
        return isEmpty()
                ? INCOMPLETE
                : unreadable(
                        FrameDialect.of(inbox.at(0)),
                        ErrorCode.WRONG_MESSAGE_LENGTH,
                        "the connection ended after " + inbox.length() + " bytes of a frame");
    }

    private void skipLineEnds() {
        while (!isEmpty() && (inbox.at(0) == '\r' || inbox.at(0) == '\n')) {
            inbox.take(1);
        }
    }

    private boolean isOfPrefix(FrameDialect dialect, int index) {
        String mark = dialect.mark();
        return index < mark.length() ? inbox.at(index) == mark.charAt(index) : FrameDialect.isDigit(inbox.at(index));
    }

    private int length(FrameDialect dialect) {
        int length = 0;
        for (int i = dialect.mark().length(); i < dialect.prefixLength(); i++) {
            length = 10 * length + inbox.at(i) - '0';
        }
        return length;
    }

    private Unreadable unreadable(FrameDialect dialect, ErrorCode code, String reason) {
        inbox.take(inbox.length());
        return new Unreadable(FrameHeader.usual(dialect), new Call.Malformed(code, reason, Optional.empty()));
    }

    private Frame frame(FrameDialect dialect, int length) {
        int version = dialect.prefixLength() + FUNCTION_LENGTH;
        int trace = switch (dialect) {
            case FRAMED -> version + VERSION.length();
            case BARE -> version;
        };
        int keyId = trace + FrameHeader.TRACE_LENGTH;
        int data = keyId + FrameHeader.KEY_ID_LENGTH;
        int end = dialect.prefixLength() + length;
        FrameHeader header = new FrameHeader(dialect, inbox.text(trace, keyId), inbox.text(keyId, data));
        String function = inbox.text(dialect.prefixLength(), version);
        boolean known = switch (dialect) {
            case FRAMED -> inbox.text(version, version + VERSION.length()).equals(VERSION);
            case BARE -> true;
        };
        Call call = known
                ? call(function, header.keyId(), data, end)
                : malformed(function, ErrorCode.WRONG_VERSION_NUMBER, "a version other than " + VERSION);
        inbox.take(end);
        return new Frame(header, call);
    }

    private Call call(String function, String keyId, int from, int to) {
        byte[] data = inbox.copy(from, to);
        if (!Utf8.isValid(data)
                && Action.of(function).filter(Action::takesAnyBytes).isEmpty()) {
            return malformed(function, ErrorCode.ILLEGAL_CHARACTERS, "the data are not UTF-8");
        }
        Parameters header = takesKeyId(function) ? Parameters.none().withKeyId(keyId) : Parameters.none();
        Call.Decoded plain = decoded(function, data, data.length, header);
        return SignatureTrailer.of(data)
                .<Call>map(trailer ->
                        new Call.Signable(plain, decoded(function, data, trailer.start(), trailer.addTo(header))))
                .orElse(plain);
    }

    /// A call with the data up to `end`, or up to its own parameters, if it takes any.
    private static Call.Decoded decoded(String function, byte[] data, int end, Parameters parameters) {
        if (takesParameters(function)) {
            int at = endOfData(function, data, end);
            if (at < end) {
                String others = new String(data, at + 1, end - at - 1, StandardCharsets.UTF_8);
                return new Call.Decoded(
                        Optional.of(function),
                        Optional.of(SecretBytes.copyOf(data, 0, at)),
                        withOthers(function, parameters, others));
            }
        }
        SecretBytes all = end == data.length ? SecretBytes.owning(data) : SecretBytes.copyOf(data, 0, end);
        return new Call.Decoded(Optional.of(function), Optional.of(all), parameters);
    }

    /// Only a wallet's data may have an ampersand: in JSON.
    private static int endOfData(String function, byte[] data, int end) {
        if (takesWallets(function)) {
            return WalletParameters.endOfData(data, end);
        }
        for (int i = 0; i < end; i++) {
            if (data[i] == '&') {
                return i;
            }
        }
        return end;
    }

    private static boolean takesWallets(String function) {
        return Action.of(function).filter(Action::takesWallets).isPresent();
    }

    private static Call malformed(String function, ErrorCode code, String reason) {
        return new Call.Malformed(code, reason, Optional.of(function));
    }

    /// Personal data may hold an ampersand, so nothing can come after them.
    private static boolean takesParameters(String function) {
        return Action.of(function)
                .filter(action -> switch (action.kind()) {
                    case TOKENIZE -> !action.domain().equals(Optional.of(Domain.PERSONAL));
                    case TOKENIZE_ENCRYPTED, PUBLIC_KEY -> true;
                    case TOKENIZE_SWIPE, VERIFY, PURGE, BIN_VIEW, DETOKENIZE, TAKE, ENCRYPT, DECRYPT, ECHO -> false;
                })
                .isPresent();
    }

    /// To all other actions the header's key ID is three bytes to be given back.
    private static boolean takesKeyId(String function) {
        return Action.of(function)
                .filter(action -> switch (action.kind()) {
                    case ENCRYPT, DECRYPT -> true;
                    case TOKENIZE,
                            TOKENIZE_ENCRYPTED,
                            TOKENIZE_SWIPE,
                            VERIFY,
                            PURGE,
                            BIN_VIEW,
                            DETOKENIZE,
                            TAKE,
                            PUBLIC_KEY,
                            ECHO -> false;
                })
                .isPresent();
    }

    private static Parameters withOthers(String function, Parameters parameters, String text) {
        return parameters
                .withUnique(value(text, "unique").equals(Optional.of("true")))
                .withEncryptionHandler(value(text, "encryptionHandler"))
                .withWallet(takesWallets(function) ? WalletParameters.named(text) : Map.of());
    }

    /// Of a name's values the first counts, as over HTTP.
    private static Optional<String> value(String parameters, String name) {
        String start = name + "=";
        return Arrays.stream(parameters.split("&"))
                .filter(parameter -> parameter.startsWith(start))
                .findFirst()
                .map(parameter -> parameter.substring(start.length()));
    }
}
