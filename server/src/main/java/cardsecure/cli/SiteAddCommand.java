package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cardsecure site add`.
@Command(
        name = "add",
        description = "Add a site. What is not set has its usual value: cards only, open for tokenizing.",
        modelTransformer = SettingArguments.ListedInHelp.class,
        footer = {
            "",
            "Examples:",
            "  cardsecure site add shop",
            "  cardsecure site add bank domains=C,A routing-check=on hosts=tokens.bank.example",
        })
public final class SiteAddCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "1 to 63 lower-case letters, digits and hyphens, as a host name's label.")
    private String name = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "Settings, see below.")
    private List<String> settings = List.of();

    /// Adds the site.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.SiteAdd(name, SettingArguments.parse(spec, settings)), terminal());
    }
}
