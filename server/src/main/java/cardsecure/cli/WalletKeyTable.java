package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.WalletKeyView;
import cardsecure.wallet.WalletKind;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/// Lists a site's keys for a wallet.
final class WalletKeyTable {
    private WalletKeyTable() {}

    static int show(
            RunningServer server, Terminal terminal, String site, WalletKind wallet, boolean json, String none) {
        return server.ask(
                new AdminRequest.WalletKeyList(site, wallet),
                terminal,
                answer -> answer instanceof AdminReply.WalletKeys(var keys)
                        ? (json ? terminal.json(keys) : terminal.say(lines(keys, wallet, none)))
                        : terminal.failUnexpected());
    }

    private static List<String> lines(List<WalletKeyView> keys, WalletKind wallet, String none) {
        if (keys.isEmpty()) {
            return List.of(none);
        }
        Function<WalletKeyView, String> line = switch (wallet) {
            case APPLE ->
                key -> String.format(
                        "%3d  %-3s  %s  %-19s  %-20s  %s",
                        key.number(),
                        key.algorithm(),
                        key.created(),
                        key.state(),
                        key.expires().map(Instant::toString).orElse("-"),
                        key.sha256());
            case GOOGLE ->
                key -> String.format(
                        "%3d  %s  %s  %s",
                        key.number(), key.created(), key.publicKey().orElse("-"), key.sha256());
        };
        return keys.stream().map(line).toList();
    }
}
