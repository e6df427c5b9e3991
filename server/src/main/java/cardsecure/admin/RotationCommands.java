package cardsecure.admin;

import cardsecure.audit.AuditLog;
import cardsecure.backup.FormerKeystores;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.FingerprintKey;
import cardsecure.keys.KeyId;
import cardsecure.rotation.Census;
import cardsecure.rotation.Job;
import cardsecure.rotation.KeyProcedures;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// What administrators can do to the keys of the ring, and the record of what they did. Safe for threads.
public final class RotationCommands {
    /// How many rows are looked at between two words of progress.
    private static final long TELL_EVERY = 1_000_000;

    private final KeyProcedures keys;
    private final TokenStore store;
    private final Path data;
    private final AuditLog audit;

    /// Takes its parts.
    ///
    /// @param store that the keys are of
    /// @param data the directory that has former keystores
    public RotationCommands(KeyProcedures keys, TokenStore store, Path data, AuditLog audit) {
        this.keys = keys;
        this.store = store;
        this.data = data;
        this.audit = audit;
    }

    /// @param user who asks
    AdminReply.Answer answer(AdminRequest.OfRotation request, String user, Consumer<AdminReply.Progress> progress)
            throws StoreException {
        return switch (request) {
            case AdminRequest.KeyList(boolean rows) -> list(rows, progress);
            case AdminRequest.KeyRotate(AdminRequest.KeyUse use, OptionalLong rate) -> rotate(use, rate, user);
            case AdminRequest.KeyRetire(String id) -> retire(keyId(id), user, progress);
            case AdminRequest.KeyReinstate(String id) -> reinstate(keyId(id), user);
            case AdminRequest.KeyDestroy(String id) -> destroy(keyId(id), user);
            case AdminRequest.KeyReseal(OptionalLong rate) -> reseal(rate, user);
            case AdminRequest.KeyJob(AdminRequest.JobStep step, OptionalLong rate) -> job(step, rate, user);
        };
    }

    private static KeyId keyId(String id) {
        try {
            return new KeyId(id.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    ErrorCode.KEY_ID_NOT_FOUND,
                    "a key ID has three digits or letters; `cardsecure key list` shows all");
        }
    }

    private AdminReply.Answer list(boolean rows, Consumer<AdminReply.Progress> progress) throws StoreException {
        Optional<Census> census = rows ? Optional.of(keys.census(telling(progress))) : Optional.empty();
        return new AdminReply.Keys(KeysView.of(
                keys.ring(),
                keys.seals(),
                KeyBackupView.of(keys.backups()),
                census,
                keys.job().map(this::view)));
    }

    private KeysView.JobView view(Job job) {
        return KeysView.JobView.of(job, store.approximateRows());
    }

    private static LongConsumer telling(Consumer<AdminReply.Progress> progress) {
        long[] told = new long[1];
        return seen -> {
            if (seen - told[0] >= TELL_EVERY) {
                told[0] = seen;
                progress.accept(new AdminReply.Progress(String.format("%,d rows looked at", seen)));
            }
        };
    }

    private interface Step {
        List<String> run() throws StoreException;
    }

    private AdminReply.Answer audited(String verb, String name, String user, Step step) throws StoreException {
        AuditedChange change = new AuditedChange(audit, verb, name, user);
        try {
            List<String> lines = step.run();
            change.record(lines.getFirst());
            return new AdminReply.Done(lines);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
    }

    private AdminReply.Answer rotate(AdminRequest.KeyUse use, OptionalLong rate, String user) throws StoreException {
        return audited("key rotate", use.name().toLowerCase(Locale.ROOT), user, () -> switch (use) {
            case DATA -> {
                DataKey next = keys.rotateDataKey();
                yield warned(
                        "data key " + next.id() + " seals from now on; older ones open what they have sealed",
                        "`cardsecure key reseal` seals that anew");
            }
            case CALLERS -> {
                DataKey next = keys.rotateCallerKey();
                yield warned("key " + next.id() + " encrypts for callers from now on; older ones decrypt");
            }
            case FINGERPRINT -> {
                FingerprintKey next = keys.rotateFingerprintKey(rate);
                yield warned(
                        "fingerprint key " + next.version() + " fingerprints from now on; older fingerprints are being"
                                + " made anew",
                        "`cardsecure key job` shows how far that is");
            }
        });
    }

    /// A key that is new is in no backup yet.
    private List<String> warned(String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        keys.backups().state().warning().ifPresent(warning -> all.add("warning: " + warning));
        return all;
    }

    private AdminReply.Answer retire(KeyId id, String user, Consumer<AdminReply.Progress> progress)
            throws StoreException {
        boolean callers = keys.ring().callerKeys().find(id).isPresent();
        return audited("key retire", id.text(), user, () -> {
            long damaged = keys.retire(id, telling(progress));
            List<String> lines = new ArrayList<>();
            lines.add("key " + id + " is retired" + (callers ? "" : ": no row and no setting needs it"));
            if (callers) {
                lines.add("warning: what callers keep that it encrypted cannot be decrypted any more");
            }
            if (damaged > 0) {
                lines.add("warning: " + KeysView.unreadable(damaged) + ", and may have needed it");
            }
            lines.add("`cardsecure key reinstate " + id + "` takes it back, `cardsecure key destroy " + id
                    + "` ends it for good");
            return lines;
        });
    }

    private AdminReply.Answer reinstate(KeyId id, String user) throws StoreException {
        return audited("key reinstate", id.text(), user, () -> {
            keys.reinstate(id);
            return List.of("key " + id + " opens again");
        });
    }

    private AdminReply.Answer destroy(KeyId id, String user) throws StoreException {
        requireNoFormerKeystores(id);
        boolean shared = !store.peers().live().isEmpty();
        return audited("key destroy", id.text(), user, () -> {
            boolean nothingLeft = keys.destroy(id);
            List<String> lines = new ArrayList<>(List.of(
                    "key " + id + " is destroyed, here", "warning: backups of the keystore from before have it still"));
            if (shared) {
                lines.add("warning: so may keystores that a restore has replaced (keystore-before-…) in the data"
                        + " directories of the vault's other servers, which cannot be seen from here; delete those");
            }
            if (!nothingLeft) {
                lines.add("warning: so have the database's files for now; it is tried again every few seconds, and the"
                        + " log says what is in the way");
            }
            return List.copyOf(lines);
        });
    }

    /// Such a file may have the key still. It is not deleted here: nobody but the operator knows whether it is
    /// the only way back from a restore that was a mistake.
    private void requireNoFormerKeystores(KeyId id) throws StoreException {
        List<Path> former;
        try {
            former = FormerKeystores.in(data);
        } catch (IOException e) {
            throw new StoreException("the data directory cannot be read", e);
        }
        if (!former.isEmpty()) {
            String names = former.stream().map(Path::toString).collect(Collectors.joining(" "));
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "key " + id + " may be in keystores that a restore has replaced: " + names
                            + "; delete them, if nothing of them is needed any more, and try again");
        }
    }

    private AdminReply.Answer reseal(OptionalLong rate, String user) throws StoreException {
        return audited("key reseal", "all", user, () -> {
            Job job = keys.reseal(rate);
            return List.of("resealing has begun" + pace(job.rate()), "`cardsecure key job` shows how far it is");
        });
    }

    private static String pace(OptionalLong rate) {
        return rate.isPresent() ? String.format(", %,d rows a second at most", rate.getAsLong()) : "";
    }

    private AdminReply.Answer job(AdminRequest.JobStep step, OptionalLong rate, String user) throws StoreException {
        return switch (step) {
            case SHOW -> new AdminReply.KeyJob(keys.job().map(this::view));
            case PAUSE -> audited("key job", "pause", user, () -> said(keys.pauseJob()));
            case RESUME -> audited("key job", "resume", user, () -> said(keys.resumeJob()));
            case PACE -> audited("key job", "pace", user, () -> said(keys.paceJob(rate)));
        };
    }

    private static List<String> said(Job job) {
        return List.of("the " + job.kind().label() + " is " + job.state().label() + pace(job.rate()));
    }
}
