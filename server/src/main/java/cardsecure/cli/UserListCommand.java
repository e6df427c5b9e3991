package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.UserView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure user list`.
@Command(
        name = "list",
        description = "List the users of a site, or of all sites.",
        footer = {
            "",
            "Examples:",
            "  cardsecure user list",
            "  cardsecure user list shop --json",
        })
public final class UserListCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", arity = "0..1", paramLabel = "SITE", description = "Whose users; all unless given.")
    private Optional<String> site = Optional.empty();

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    /// Lists the users.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.UserList(site),
                terminal,
                answer -> answer instanceof AdminReply.Users(var users)
                        ? (json ? terminal.json(users) : terminal.say(table(users)))
                        : terminal.failUnexpected());
    }

    private static List<String> table(List<UserView> users) {
        if (users.isEmpty()) {
            return List.of("there are no users; `cardsecure user add SITE NAME` adds one");
        }
        String columns = "%-" + width(users, UserView::site) + "s  %-" + width(users, UserView::name) + "s  %-"
                + width(users, UserListCommand::rights) + "s  %s";
        return users.stream()
                .map(user -> String.format(columns, user.site(), user.name(), rights(user), user.login()))
                .toList();
    }

    private static String rights(UserView user) {
        return user.rights().isEmpty() ? "-" : user.rights();
    }

    private static int width(List<UserView> users, Function<UserView, String> column) {
        return users.stream().map(column).mapToInt(String::length).max().orElse(1);
    }
}
