package cardsecure.admin;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.audit.AuditEvent;
import cardsecure.keys.Keystore;
import cardsecure.secret.SecretBytes;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandsTest {
    private final LosingStore store = new LosingStore();
    private final GroupCommit commits = new GroupCommit(store, 10, 10);
    private final List<AuditEvent> recorded = new ArrayList<>();
    private final TestKeys keys;

    KeyCommandsTest(@TempDir Path directory) throws StoreException {
        keys = TestKeys.of(store, commits, directory, recorded::add, InstantSource.fixed(Instant.EPOCH));
    }

    /// A store that fails once, after it has written the keystore or before.
    private static final class LosingStore extends ForwardingTokenStore {
        private enum Next {
            WELL,
            LOST_AT_THE_MARK,
            LOST_BEFORE,
            LOST_AFTER
        }

        private Next next = Next.WELL;

        LosingStore() {
            super(new MemoryTokenStore());
        }

        @Override
        public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
                throws StoreException {
            if (!name.equals(Keystore.SETTING)) {
                return super.setSetting(name, expected, value);
            }
            Next now = next;
            next = Next.WELL;
            if (now == Next.LOST_BEFORE) {
                throw new StoreException("the disk is gone");
            }
            boolean written = super.setSetting(name, expected, value);
            if (now == Next.LOST_AFTER) {
                throw new StoreException("the disk is gone");
            }
            return written;
        }

        @Override
        public boolean setSettingUntold(String name, Optional<SealedData> expected, Optional<SealedData> value)
                throws StoreException {
            if (next == Next.LOST_AT_THE_MARK) {
                next = Next.WELL;
                throw new StoreException("the disk is gone");
            }
            return super.setSettingUntold(name, expected, value);
        }
    }

    @Test
    void aRewrappingThatFailsBeforeItBeginsSaysThatNothingIsChanged() throws StoreException {
        ServerStatus.Kek first = keys.commands().kek();
        store.next = LosingStore.Next.LOST_AT_THE_MARK;
        assertThat(rewrap("file:two.key")).isInstanceOfSatisfying(AdminReply.Failed.class, failed -> {
            assertThat(failed.message())
                    .contains("the disk is gone", "nothing was changed")
                    .doesNotContain(" may be ");
            assertThat(failed.hint()).contains("try again").doesNotContain("kept or not");
        });
        keys.live().follow();
        assertThat(keys.commands().kek()).isEqualTo(first);
        assertThat(recorded).last().asString().contains("the store failed before anything was changed");

        assertThat(rewrap("file:two.key")).isInstanceOf(AdminReply.Done.class);
        assertThat(store.settingNames("remains")).isEmpty();
    }

    @Test
    void aRewrappingByTheKekInUseSaysThatNothingChanged() throws StoreException {
        ServerStatus.Kek kek = keys.commands().kek();
        assertThat(rewrap("file:kek.key"))
                .isEqualTo(new AdminReply.Done(List.of("the vault's keys are wrapped by KEK " + kek.id()
                        + ", and were before: it is the same KEK, nothing changed")));
        assertThat(keys.commands().kek()).isEqualTo(kek);
        assertThat(rewrap("file:./kek.key"))
                .isInstanceOfSatisfying(
                        AdminReply.Done.class,
                        done -> assertThat(done.lines())
                                .endsWith("  kek:", "    uri: \"file:./kek.key\"")
                                .first()
                                .asString()
                                .endsWith("nothing changed"));
    }

    @AfterEach
    void close() {
        commits.close();
    }

    private AdminReply.Answer rewrap(String to) throws StoreException {
        return keys.commands().answer(new AdminRequest.KeyRewrap(to, SecretBytes.owning(new byte[0]), false), "alice");
    }

    private void assertUnknown(AdminReply.Answer answer) {
        assertThat(answer).isInstanceOfSatisfying(AdminReply.Failed.class, failed -> {
            assertThat(failed.message()).contains("the disk is gone", " or still by " + before);
            assertThat(failed.hint()).startsWith("keep both KEKs until ");
        });
    }

    private String before = "";

    @Test
    void afterARewrappingOfUnknownOutcomeTheStatusPairsIdAndUri() throws StoreException {
        ServerStatus.Kek first = keys.commands().kek();
        assertThat(first.uri()).isEqualTo("file:kek.key");
        before = first.id();
        store.next = LosingStore.Next.LOST_BEFORE;
        assertUnknown(rewrap("file:two.key"));
        keys.live().follow();
        assertThat(keys.commands().kek()).isEqualTo(first);

        store.next = LosingStore.Next.LOST_AFTER;
        assertUnknown(rewrap("file:two.key"));
        keys.live().follow();
        ServerStatus.Kek second = keys.commands().kek();
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.uri()).isEqualTo("file:two.key");

        assertThat(rewrap("file:kek.key")).isInstanceOf(AdminReply.Done.class);
        assertThat(keys.commands().kek()).isEqualTo(first);
    }

    @Test
    void thePassphrasesCheckIsShownNowhere() throws StoreException {
        SecretBytes passphrase =
                SecretBytes.copyOf("correct horse battery".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        AdminReply.Answer answer = keys.commands()
                .answer(new AdminRequest.KeyRewrap("passphrase:?memory=19MiB&env=X", passphrase, false), "alice");

        String shown = answer + " " + keys.commands().kek();
        assertThat(shown)
                .containsPattern("argon2id-[0-9a-f]{16}[, ]")
                .doesNotContain(keys.live().kekId());
        assertThat(shown).doesNotContainPattern("argon2id-[0-9]+-");
    }
}
