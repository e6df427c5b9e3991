package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.SiteView;
import cardsecure.site.SiteSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure site show`.
@Command(
        name = "show",
        description = "Show every setting of a site, with its meaning.",
        footer = {"", "Examples:", "  cardsecure site show shop", "  cardsecure site show shop --json"})
public final class SiteShowCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "NAME", description = "The site.")
    private String name = "";

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    /// Shows the site.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.SiteShow(name),
                terminal,
                answer -> answer instanceof AdminReply.OneSite(var site)
                        ? (json ? terminal.json(site) : terminal.say(lines(site)))
                        : terminal.failUnexpected());
    }

    /// Each setting as `site set` takes it, under its meaning.
    private static List<String> lines(SiteView site) {
        List<String> lines = new ArrayList<>();
        lines.add("site " + site.name() + ", number " + site.id());
        lines.add(
                switch (site.signingKeys()) {
                    case 0 -> "no key to sign requests with";
                    case 1 -> "a key to sign requests with";
                    default -> "a key to sign requests with, and the one before counts, too";
                });
        site.settings().forEach((key, value) -> {
            SiteSetting.named(key).ifPresent(setting -> lines.addAll(List.of("", "# " + setting.meaning())));
            lines.add(key + "=" + value);
        });
        return lines;
    }
}
