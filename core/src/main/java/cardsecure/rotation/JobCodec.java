package cardsecure.rotation;

import cardsecure.card.Domain;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.TokenPlace;
import cardsecure.token.Token;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// A job as bytes: `version (1) | kind | state | started (8) | rate (8, -1: none) | whether there is a place (1):
/// site (4), domain (1), token | seen (8) | rewritten (8) | failed (8) | wrapped (1)`; texts with a length of 2
/// before them.
final class JobCodec {
    private static final int VERSION = 1;

    private JobCodec() {}

    static SecretBytes encode(Job job) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(job.kind().label());
            out.writeUTF(job.state().label());
            out.writeLong(job.started().toEpochMilli());
            out.writeLong(job.rate().orElse(-1));
            out.writeBoolean(job.after().isPresent());
            if (job.after().isPresent()) {
                TokenPlace place = job.after().get();
                out.writeInt(place.site().number());
                out.writeByte(place.domain().letter());
                out.writeUTF(place.token().text());
            }
            out.writeLong(job.seen());
            out.writeLong(job.rewritten());
            out.writeLong(job.failed());
            out.writeBoolean(job.wrapped());
        } catch (IOException e) {
            throw new Refusal(ErrorCode.SERVER_FAILED, "a job could not be written", e);
        }
        return SecretBytes.owning(bytes.toByteArray());
    }

    static Job decode(SecretBytes encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.reveal()))) {
            if (in.readByte() != VERSION) {
                throw new IOException("of another version");
            }
            Job.Kind kind = Job.Kind.valueOf(in.readUTF().toUpperCase(Locale.ROOT));
            Job.State state = Job.State.valueOf(in.readUTF().toUpperCase(Locale.ROOT));
            Instant started = Instant.ofEpochMilli(in.readLong());
            long rate = in.readLong();
            Optional<TokenPlace> after = in.readBoolean() ? Optional.of(readPlace(in)) : Optional.empty();
            return new Job(
                    kind,
                    state,
                    started,
                    rate < 0 ? OptionalLong.empty() : OptionalLong.of(rate),
                    after,
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readBoolean());
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal(ErrorCode.SERVER_FAILED, "the setting of a key job is damaged", e);
        }
    }

    private static TokenPlace readPlace(DataInputStream in) throws IOException {
        SiteId site = new SiteId(in.readInt());
        Domain domain = Domain.of((char) in.readUnsignedByte()).orElseThrow(() -> new IOException("no domain"));
        return new TokenPlace(site, domain, new Token(in.readUTF()));
    }
}
