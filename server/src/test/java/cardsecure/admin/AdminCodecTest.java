package cardsecure.admin;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminRequest.NewLogin;
import cardsecure.secret.SecretBytes;
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdminCodecTest {
    private static final String HOSTILE = "a\n\"{}\u0000\u2028é𝄞\\";

    static List<AdminRequest> requests() {
        return List.of(
                new AdminRequest.Status(),
                new AdminRequest.SiteList(),
                new AdminRequest.SiteShow(HOSTILE),
                new AdminRequest.SiteAdd("a", Map.of("b", HOSTILE)),
                new AdminRequest.SiteSet("a", Map.of()),
                new AdminRequest.SiteRemove("a", true),
                new AdminRequest.RsaKeyList(HOSTILE),
                new AdminRequest.RsaKeyNew(HOSTILE, 2048, HOSTILE),
                new AdminRequest.RsaKeyRemove(HOSTILE, -1),
                new AdminRequest.BdkList(Optional.of(HOSTILE)),
                new AdminRequest.BdkAdd("a", HOSTILE, "c", Optional.empty(), 2, secret(HOSTILE), true),
                new AdminRequest.BdkImport("a", "b", Optional.of(HOSTILE), HOSTILE),
                new AdminRequest.BdkRemove(HOSTILE, "b"),
                new AdminRequest.BdkKekAdd(HOSTILE, -1, secret(HOSTILE), false),
                new AdminRequest.BdkForgetReader(HOSTILE, HOSTILE),
                new AdminRequest.BdkKekRemove(),
                new AdminRequest.TakeShortLived(HOSTILE, HOSTILE),
                new AdminRequest.WalletKeyList(HOSTILE, WalletKind.APPLE),
                new AdminRequest.WalletKeyNew(HOSTILE, WalletKind.GOOGLE, WalletKeyPair.Algorithm.EC_P256),
                new AdminRequest.WalletKeyCertify(HOSTILE, HOSTILE),
                new AdminRequest.WalletKeyRemove(HOSTILE, WalletKind.APPLE, -1),
                new AdminRequest.WalletSimulate(HOSTILE, WalletKind.GOOGLE, HOSTILE, true, -1, HOSTILE),
                new AdminRequest.SigningNewKey(HOSTILE, true),
                new AdminRequest.SigningDropOld(HOSTILE),
                new AdminRequest.SigningDropNew(HOSTILE),
                new AdminRequest.UserList(Optional.empty()),
                new AdminRequest.UserList(Optional.of(HOSTILE)),
                new AdminRequest.UserAdd("a", HOSTILE, "c", new NewLogin.Password(secret(HOSTILE))),
                new AdminRequest.UserSet("a", "b", Optional.empty(), Optional.of(new NewLogin.Subject(HOSTILE))),
                new AdminRequest.UserSet("a", "b", Optional.of(""), Optional.of(new NewLogin.Certificate("c"))),
                new AdminRequest.UserRemove("a", HOSTILE),
                new AdminRequest.KeyRewrap(HOSTILE, SecretBytes.owning(new byte[] {1}), true),
                new AdminRequest.KeyBackup(new AdminRequest.BackupReader.Certificate(HOSTILE)),
                new AdminRequest.KeyBackup(
                        new AdminRequest.BackupReader.Passphrase(SecretBytes.owning(new byte[] {2}), 1)));
    }

    static List<AdminReply> replies() {
        SiteView site = new SiteView(1, "a", 2, Map.of("b", HOSTILE));
        return List.of(
                new AdminReply.Progress(HOSTILE),
                new AdminReply.Done(List.of("a", HOSTILE)),
                new AdminReply.NewKey(secret(HOSTILE), List.of(HOSTILE)),
                new AdminReply.Sites(List.of(site)),
                new AdminReply.OneSite(site),
                new AdminReply.Users(List.of(new UserView("a", HOSTILE, HOSTILE, ""))),
                new AdminReply.RsaKeys(List.of(new RsaKeyView(1, 2, HOSTILE, Instant.EPOCH, HOSTILE, HOSTILE))),
                new AdminReply.BaseKeys(new BaseKeysView(
                        Optional.of(new BaseKeysView.KeyBlockKeyView(HOSTILE, 128, "b", HOSTILE)),
                        List.of(new BaseKeysView.BaseKeyView("a", "b", "c", HOSTILE, "e", Instant.EPOCH, HOSTILE)),
                        List.of(new BaseKeysView.PendingView(HOSTILE, 1, 2, Instant.EPOCH)))),
                new AdminReply.Taken(secret(HOSTILE)),
                new AdminReply.WalletKeys(List.of(walletKey())),
                new AdminReply.WalletKeyMade(walletKey(), HOSTILE, List.of(HOSTILE)),
                new AdminReply.WalletPayload(HOSTILE, List.of(HOSTILE)),
                new AdminReply.State(status(OptionalLong.of(Long.MAX_VALUE))),
                new AdminReply.State(status(OptionalLong.empty())),
                new AdminReply.Failed("a", HOSTILE));
    }

    private static WalletKeyView walletKey() {
        Instant then = Instant.EPOCH;
        return new WalletKeyView(
                1, HOSTILE, then, HOSTILE, HOSTILE, Optional.of(HOSTILE), Optional.of(then), Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readsTheRequestsThatItWritesInOneLine(AdminRequest request) {
        byte[] line = AdminCodec.encode(request);
        assertThat(new String(line, StandardCharsets.UTF_8)).doesNotContain("\n");
        assertThat(AdminCodec.request(line)).isEqualTo(request);
    }

    @ParameterizedTest
    @MethodSource("replies")
    void readsTheRepliesThatItWritesInOneLine(AdminReply reply) {
        byte[] line = AdminCodec.encode(reply);
        assertThat(new String(line, StandardCharsets.UTF_8)).doesNotContain("\n");
        assertThat(AdminCodec.reply(line)).isEqualTo(reply);
    }

    @Test
    void aPasswordIsNotSeenInARequest() {
        AdminRequest request = new AdminRequest.UserAdd("a", "b", "", new NewLogin.Password(secret("a new password")));

        assertThat(request.toString()).doesNotContain("a new password");
        assertThat(AdminCodec.encode(request)).asString().doesNotContain("a new password");
    }

    private static ServerStatus status(OptionalLong rows) {
        return new ServerStatus(
                "1",
                "2",
                Instant.parse("2026-11-23T10:00:00.123456789Z"),
                Duration.ofNanos(1_234_567_890_123L),
                true,
                List.of("http 127.0.0.1:1"),
                new ServerStatus.Store("memory", "data", "ok", rows, rows),
                new ServerStatus.Kek("id", "file:kek.key"),
                List.of("001"),
                new KeyBackupView(
                        Optional.of(Instant.parse("2026-11-23T10:00:00.123Z")),
                        OptionalLong.of(3),
                        List.of("data key 002"),
                        Optional.of("warning")),
                4,
                List.of("clear"),
                List.of("keyless"),
                List.of("keystore-before-1"),
                5,
                6,
                new ServerStatus.Callers(7, 8, 9, 10, 11, 12, 13));
    }
}
