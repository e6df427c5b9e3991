package cardsecure.sap;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.rfc.AppcFunction;
import cardsecure.rfc.AppcHeader;
import cardsecure.rfc.Door;
import cardsecure.rfc.FieldChain;
import cardsecure.rfc.FrameDump;
import cardsecure.rfc.GatewayRecord;
import cardsecure.rfc.NiDecoder;
import cardsecure.rfc.RfcMessage;
import cardsecure.rfc.RfcReplies;
import cardsecure.secret.SecretBytes;
import cardsecure.socket.Line;
import cardsecure.vault.Caller;
import cardsecure.vault.Credentials;
import cardsecure.vault.Reply;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is said over one connection: the gateway's record, conversations one after the other, their messages.
/// For the connection's own thread.
final class RfcConnection {
    private static final Logger LOG = LoggerFactory.getLogger(RfcConnection.class);
    private static final String WRONG_LOGON = "Name or password is incorrect (repeat logon)";
    private static final String BUSY = "The server cannot check a logon just now (repeat logon)";
    private static final List<String> PINGS = List.of("RFCPING", "RFC_PING");

    /// What follows from a message.
    private sealed interface Step {
        /// An answer goes back.
        record Answer(SecretBytes message) implements Step {}

        /// Nothing goes back.
        record Silence() implements Step {}

        /// An answer goes back, if there is one, and nothing more is taken.
        record Last(Optional<SecretBytes> message) implements Step {}
    }

    private final Line line;
    private final Caller peer;
    private final RfcSpeech speech;
    private final NiDecoder decoder;

    private Optional<Door> door = Optional.empty();
    private String conversation = "";
    /// With its credentials, once it is logged on.
    private Optional<Caller> loggedOn = Optional.empty();

    private boolean toldOfOtherProgram;
    private boolean begun;
    private long readingUntil;

    RfcConnection(Line line, Caller peer, RfcSpeech speech) {
        this.line = line;
        this.peer = peer;
        this.speech = speech;
        this.decoder = new NiDecoder(speech.config().frameMax());
    }

    /// Answers until the peer sends no more, sends what cannot be read, or the server stops.
    void hold() throws IOException {
        readingUntil = System.nanoTime() + line.idle().toNanos();
        boolean goesOn = true;
        while (goesOn) {
            switch (line.read(decoder.space(), readingUntil)) {
                case STOPPED, END -> {
                    return;
                }
                case SOME -> goesOn = answerAll();
            }
        }
        line.linger();
    }

    /// Answers all that has come whole.
    ///
    /// @return whether the connection goes on
    private boolean answerAll() throws IOException {
        try {
            boolean answered = false;
            while (true) {
                switch (decoder.next()) {
                    case NiDecoder.Incomplete _ -> {
                        setTime(answered);
                        return true;
                    }
                    case NiDecoder.Ping _ -> line.send(NiDecoder.pong());
                    case NiDecoder.Message message -> {
                        if (!take(message.bytes())) {
                            return false;
                        }
                    }
                }
                answered = true;
            }
        } catch (Refusal e) {
            // Nothing that could be said would be understood.
            speech.refusals().refused(e.code(), peer.address(), e.reason());
            return false;
        }
    }

    /// A frame has its time from its first byte on, silence from the last answer on.
    private void setTime(boolean answered) {
        boolean begins = !decoder.isEmpty();
        if (answered || begins != begun) {
            begun = begins;
            readingUntil = System.nanoTime() + (begins ? line.frame() : line.idle()).toNanos();
        }
    }

    private boolean take(SecretBytes message) throws IOException {
        dump("received", message);
        Step step;
        try {
            step = next(message.reveal());
        } finally {
            message.destroy();
        }
        return switch (step) {
            case Step.Silence _ -> true;
            case Step.Answer(SecretBytes answer) -> {
                send(answer);
                yield true;
            }
            case Step.Last(Optional<SecretBytes> answer) -> {
                if (answer.isPresent()) {
                    send(answer.get());
                }
                yield false;
            }
        };
    }

    private void send(SecretBytes answer) throws IOException {
        dump("sent", answer);
        byte[] frame = NiDecoder.frame(answer.reveal());
        try {
            line.send(frame);
        } finally {
            Arrays.fill(frame, (byte) 0);
            answer.destroy();
        }
    }

    private void dump(String way, SecretBytes message) {
        if (speech.config().dumpFrames()) {
            LOG.atInfo()
                    .addKeyValue("address", peer.shownAddress())
                    .addKeyValue("frame", FrameDump.of(message.reveal()))
                    .log("a frame was {}", way);
        }
    }

    private Step next(byte[] message) {
        if (GatewayRecord.isOne(message)) {
            return answer(GatewayRecord.decode(message).answer());
        }
        AppcHeader header = AppcHeader.decode(message);
        AppcFunction function = header.function()
                .orElseThrow(() ->
                        new Refusal(ErrorCode.INVALID_ACTION, "a frame with the function " + header.functionCode()));
        return switch (function) {
            case SAP_INIT -> {
                begin(Door.REGISTERED_PROGRAM);
                tellOfOtherProgram(message);
                yield answer(header.accept(message, conversation));
            }
            case INITIALIZE -> {
                begin(Door.EXTERNAL_CLIENT);
                yield answer(header.initialized(conversation));
            }
            case SET_PARTNER_LU_NAME -> new Step.Silence();
            case ALLOCATE -> {
                requireDoor();
                yield answer(header.allocated(conversation));
            }
            case SAP_SEND -> said(requireDoor(), header, message);
            case DEALLOCATE -> new Step.Last(Optional.empty());
            case SEND_DATA, ASEND_DATA, RECEIVE ->
                throw new Refusal(ErrorCode.DATA_TOO_LONG, "a message in several frames, which are not taken");
        };
    }

    private static Step answer(byte[] message) {
        return new Step.Answer(SecretBytes.owning(message));
    }

    private void begin(Door through) {
        door = Optional.of(through);
        conversation = speech.newConversation();
        loggedOn = Optional.empty();
    }

    private Door requireDoor() {
        return door.orElseThrow(
                () -> new Refusal(ErrorCode.INVALID_ACTION, "a message before a conversation has begun"));
    }

    private void tellOfOtherProgram(byte[] message) {
        if (!toldOfOtherProgram && !AppcHeader.mentions(message, speech.config().programId())) {
            toldOfOtherProgram = true;
            LOG.atInfo()
                    .addKeyValue("address", peer.shownAddress())
                    .addKeyValue("expected", speech.config().programId())
                    .log("an SAP system asks for another Program ID; it is served");
        }
    }

    private Step said(Door through, AppcHeader header, byte[] message) {
        long started = System.nanoTime();
        FieldChain chain = FieldChain.decode(message, AppcHeader.LENGTH);
        try {
            RfcMessage said = RfcMessage.of(chain);
            return switch (through) {
                case REGISTERED_PROGRAM ->
                    sent(header, through, new RfcCall(speech, line.self(), through, peer, said, started).answer());
                case EXTERNAL_CLIENT ->
                    loggedOn.isEmpty() || said.logon().isPresent()
                            ? logOn(header, said, started)
                            : sent(
                                    header,
                                    through,
                                    new RfcCall(speech, line.self(), through, loggedOn.get(), said, started).answer());
            };
        } finally {
            chain.destroy();
        }
    }

    private Step sent(AppcHeader header, Door through, byte[] data) {
        try {
            return answer(header.answered(through, conversation, data));
        } finally {
            Arrays.fill(data, (byte) 0);
        }
    }

    /// Of who shows a certificate nothing else is looked at.
    private Step logOn(AppcHeader header, RfcMessage said, long started) {
        // A password that is malformed is refused here, and only here: nobody looks at others.
        Credentials credentials = switch (peer.credentials()) {
            case Credentials.Certificate certificate -> certificate;
            case Credentials.None none -> shown(said, none);
            case Credentials.Basic basic -> shown(said, basic);
        };
        Caller caller = peer.withCredentials(credentials);
        return switch (speech.vault().logOn(caller)) {
            case Reply.Told _ -> {
                loggedOn = Optional.of(caller);
                boolean pings =
                        said.classic() && said.function().map(PINGS::contains).orElse(true);
                byte[] data = pings
                        ? RfcReplies.loggedOn()
                        : new RfcCall(speech, line.self(), Door.EXTERNAL_CLIENT, caller, said, started).answer();
                yield sent(header, Door.EXTERNAL_CLIENT, data);
            }
            case Reply.CredentialsNeeded _ -> refusedLogon(header, WRONG_LOGON);
            case Reply.Refused refused -> refusedLogon(header, refused.code().wire());
            case Reply.TooManyRequests _,
                    Reply.Overloaded _,
                    Reply.Tokenized _,
                    Reply.Revealed _,
                    Reply.Encrypted _,
                    Reply.Decrypted _ -> refusedLogon(header, BUSY);
        };
    }

    private static Credentials shown(RfcMessage said, Credentials otherwise) {
        return said.logon()
                .<Credentials>map(logon -> new Credentials.Basic(logon.user(), logon.password()))
                .orElse(otherwise);
    }

    private Step refusedLogon(AppcHeader header, String text) {
        byte[] data = RfcReplies.logonRefused(text, line.self(), speech.config().programId());
        return new Step.Last(
                Optional.of(SecretBytes.owning(header.answered(Door.EXTERNAL_CLIENT, conversation, data))));
    }
}
