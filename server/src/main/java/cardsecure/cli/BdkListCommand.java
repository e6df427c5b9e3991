package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.BaseKeysView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure bdk list`.
@Command(
        name = "list",
        usageHelpWidth = 100,
        description = {
            "List the base keys of readers, what waits for components, and the key-block key.",
            "Of a base key site, key set, algorithm, variant, check value, since when, and what there is to say",
            "against it. The keys themselves are shown nowhere."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure bdk list",
            "  cardsecure bdk list shop --json",
        })
public final class BdkListCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", arity = "0..1", paramLabel = "SITE", description = "Whose; all sites' unless given.")
    private Optional<String> site = Optional.empty();

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    /// Lists the keys.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.BdkList(site),
                terminal,
                answer -> answer instanceof AdminReply.BaseKeys(BaseKeysView keys)
                        ? (json ? terminal.json(keys) : terminal.say(table(keys)))
                        : terminal.failUnexpected());
    }

    private static List<String> table(BaseKeysView keys) {
        List<String> lines = new ArrayList<>();
        if (keys.keys().isEmpty()) {
            lines.add("there are no base keys; `cardsecure bdk add SITE KEYSET` loads one");
        }
        int width =
                keys.keys().stream().mapToInt(key -> key.site().length()).max().orElse(1);
        keys.keys()
                .forEach(key -> lines.add(String.format(
                        "%-" + width + "s  %-16s  %-7s  %-12s  %-10s  %s%s",
                        key.site(),
                        key.keySet(),
                        key.algorithm(),
                        key.variant(),
                        key.checkValue(),
                        key.added(),
                        key.weakness().isEmpty() ? "" : "; " + key.weakness())));
        keys.pending()
                .forEach(pending -> lines.add(pending.what() + ": " + pending.entered() + " of " + pending.components()
                        + " components entered, forgotten at " + pending.until()));
        keys.keyBlockKey()
                .ifPresent(key -> lines.add("key-block key: " + key.cipher() + ", " + key.bits() + " bits, check value "
                        + key.checkValue() + (key.weakness().isEmpty() ? "" : "; " + key.weakness())));
        return lines;
    }
}
