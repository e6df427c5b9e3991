package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cardsecure site set`.
@Command(
        name = "set",
        description = "Change settings of a site. Those not named stay; all named ones change, or none.",
        modelTransformer = SettingArguments.ListedInHelp.class,
        footer = {
            "",
            "Examples:",
            "  cardsecure site set shop domains=C,A origins=https://shop.example.com",
            "  cardsecure site set shop hosts=            (no further hosts)",
        })
public final class SiteSetCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "NAME", description = "The site.")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE", description = "Settings, see below.")
    private List<String> settings = List.of();

    /// Changes the site.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.SiteSet(name, SettingArguments.parse(spec, settings)), terminal());
    }
}
