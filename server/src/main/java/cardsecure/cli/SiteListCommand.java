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

/// `cardsecure site list`.
@Command(
        name = "list",
        description = "List all sites, by name.",
        footer = {"", "Examples:", "  cardsecure site list", "  cardsecure site list --json"})
public final class SiteListCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--json", description = "Every setting, for programs.")
    private boolean json;

    /// Lists the sites.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.SiteList(),
                terminal,
                answer -> answer instanceof AdminReply.Sites(var sites)
                        ? (json ? terminal.json(sites) : terminal.say(table(sites)))
                        : terminal.failUnexpected());
    }

    private static List<String> table(List<SiteView> sites) {
        if (sites.isEmpty()) {
            return List.of("there are no sites; `cardsecure site add NAME` adds one");
        }
        int width = sites.stream().mapToInt(site -> site.name().length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (SiteView site : sites) {
            String open = site.settings().getOrDefault(SiteSetting.OPEN.key(), "");
            lines.add(String.format(
                    "%-" + Math.max(width, 4) + "s  domains %s  open %s%s%s",
                    site.name(),
                    site.settings().getOrDefault(SiteSetting.DOMAINS.key(), ""),
                    open.isEmpty() ? "-" : open,
                    isOn(site, SiteSetting.DEFAULT) ? "  default" : "",
                    clearMark(site)));
        }
        return lines;
    }

    private static boolean isOn(SiteView site, SiteSetting setting) {
        return site.settings().getOrDefault(setting.key(), "").equals("on");
    }

    private static String clearMark(SiteView site) {
        String encryption = site.settings().getOrDefault(SiteSetting.ENCRYPTION.key(), "");
        if (encryption.startsWith("off")) {
            return "  CLEAR STORAGE";
        }
        return encryption.equals("on") ? "" : "  OLD CLEAR ROWS";
    }
}
