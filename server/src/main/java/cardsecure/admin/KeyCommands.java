package cardsecure.admin;

import cardsecure.admin.AdminRequest.BackupReader;
import cardsecure.audit.AuditLog;
import cardsecure.backup.BackupLock;
import cardsecure.backup.CertificateLock;
import cardsecure.backup.KeyBackup;
import cardsecure.backup.PassphraseLock;
import cardsecure.config.KekUri;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.kek.Keks;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyWrapper;
import cardsecure.rotation.LiveKeys;
import cardsecure.secret.SecretBytes;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// What administrators can do with keys, and the record of what they did. Safe for threads.
public final class KeyCommands {
    private static final String HINT = "docs/operations.md says how keys are kept";

    private final LiveKeys keys;
    private final TokenStore store;
    private final Keks keks;
    private final AuditLog audit;
    private final InstantSource clock;
    private final RandomGenerator random;
    private volatile KekUri kekUri;

    /// Takes its parts.
    ///
    /// @param kekUri where the KEK is that wraps the ring
    /// @param random cryptographically strong
    public KeyCommands(
            LiveKeys keys,
            TokenStore store,
            Keks keks,
            KekUri kekUri,
            AuditLog audit,
            InstantSource clock,
            RandomGenerator random) {
        this.keys = keys;
        this.store = store;
        this.keks = keks;
        this.kekUri = kekUri;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
    }

    /// The KEK that wraps the ring now.
    public ServerStatus.Kek kek() {
        return new ServerStatus.Kek(keys.kekId(), kekUri.text());
    }

    /// Does what is asked, and says so, or why not, with the error's number.
    ///
    /// @param user who asks, as the system says
    AdminReply.Answer answer(AdminRequest.OfKeys request, String user) throws StoreException {
        try {
            return switch (request) {
                case AdminRequest.KeyRewrap rewrap -> rewrap(rewrap, user);
                case AdminRequest.KeyBackup(BackupReader reader) -> backup(reader, user);
            };
        } catch (Refusal e) {
            String[] parts = e.reason().split("; ", 2);
            String message = e.code().digits() + " " + e.code().text() + ": " + parts[0];
            return new AdminReply.Failed(message, parts.length > 1 ? parts[1] : HINT);
        }
    }

    private synchronized AdminReply.Answer rewrap(AdminRequest.KeyRewrap request, String user) throws StoreException {
        KekUri to;
        try {
            to = KekUri.parse(request.to());
        } catch (IllegalArgumentException e) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the URI " + e.getMessage(), e);
        }
        AuditedChange change = new AuditedChange(audit, "key rewrap", "KEK", user);
        String before = keys.kekId();
        KeyWrapper kek = keks.openOrCreate(to, request.secret(), request.create());
        try {
            keys.rewrap(kek);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        kekUri = to;
        change.record(before + " -> " + kek.kekId());
        List<String> lines = new ArrayList<>(List.of(
                "the vault's keys are wrapped by KEK " + kek.kekId() + ", no longer by " + before,
                "put this into the configuration before the next start:",
                "  kek:",
                "    uri: \"" + to.text() + "\"",
                "keep the old KEK as long as there are backups of the data directory from before"));
        forget(lines);
        return new AdminReply.Done(lines);
    }

    private void forget(List<String> lines) {
        try {
            store.forgetFormerSettings();
        } catch (StoreException _) {
            lines.add("warning: the keystore's former bytes are still in the store's files, for about a day");
        }
    }

    private AdminReply.Answer backup(BackupReader reader, String user) {
        KeyRing ring = keys.ring();
        KeyBackup backup = lock(reader).backup(ring, clock.instant());
        new AuditedChange(audit, "key backup", "generation " + ring.generation(), user)
                .record("for " + backup.header().openedBy());
        return new AdminReply.Backup(backup.text());
    }

    private BackupLock lock(BackupReader reader) {
        return switch (reader) {
            case BackupReader.Certificate(String pem) -> CertificateLock.of(pem, clock.instant());
            case BackupReader.Passphrase(SecretBytes passphrase, int memoryKib) -> {
                if (memoryKib < KekUri.Passphrase.MEMORY_MIN || memoryKib > KekUri.Passphrase.MEMORY_MAX) {
                    throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the memory is from 19MiB to 1GiB");
                }
                yield new PassphraseLock(passphrase, memoryKib, random);
            }
        };
    }
}
