package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteSetting;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `cardsecure site signing`.
@Command(
        name = "signing",
        usageHelpWidth = 100,
        description = {
            "Turn signed requests on or off for a site, and make its key.",
            "",
            "  on         every request must be signed, all else is refused (0057)",
            "  off        signatures are ignored",
            "  new-key    draw a key and print it, in hex, on standard output: once, it is not shown again",
            "  drop-old   let the key that --keep-old kept count no more",
            "  drop-new   let the key that new-key --keep-old made count no more, and the one before it alone",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  (umask 077; cardsecure site signing new-key shop > shop.key)",
            "  cardsecure site signing on shop",
            "  (umask 077; cardsecure site signing new-key shop --keep-old > new.key)",
            "  cardsecure site signing drop-old shop      (once every client has the new key)",
        })
public final class SiteSigningCommand extends TypedCommand implements Callable<Integer> {
    /// What is to be done.
    enum Verb {
        ON,
        OFF,
        NEW_KEY,
        DROP_OLD,
        DROP_NEW
    }

    static final class VerbReader implements ITypeConverter<Verb> {
        @Override
        public Verb convert(String text) {
            return switch (text) {
                case "on" -> Verb.ON;
                case "off" -> Verb.OFF;
                case "new-key" -> Verb.NEW_KEY;
                case "drop-old" -> Verb.DROP_OLD;
                case "drop-new" -> Verb.DROP_NEW;
                default -> throw new TypeConversionException("say on, off, new-key, drop-old or drop-new");
            };
        }
    }

    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(
            index = "0",
            paramLabel = "on|off|new-key|drop-old|drop-new",
            description = "See above.",
            converter = VerbReader.class)
    private Verb verb = Verb.OFF;

    @Parameters(index = "1", paramLabel = "SITE", description = "Whose requests.")
    private String site = "";

    @Option(names = "--keep-old", description = "With new-key: the key of now counts on, until drop-old.")
    private boolean keepOld;

    /// Does it.
    @Override
    public Integer call() {
        if (keepOld && verb != Verb.NEW_KEY) {
            throw new ParameterException(spec.commandLine(), "--keep-old goes with new-key");
        }
        Terminal terminal = terminal();
        return switch (verb) {
            case ON -> server.tell(setting("on"), terminal);
            case OFF -> server.tell(setting("off"), terminal);
            case NEW_KEY ->
                server.ask(
                        new AdminRequest.SigningNewKey(site, keepOld),
                        terminal,
                        answer -> answer instanceof AdminReply.NewKey(SecretBytes key, List<String> lines)
                                ? show(terminal, key, lines)
                                : terminal.failUnexpected());
            case DROP_OLD -> server.tell(new AdminRequest.SigningDropOld(site), terminal);
            case DROP_NEW -> server.tell(new AdminRequest.SigningDropNew(site), terminal);
        };
    }

    private AdminRequest setting(String value) {
        return new AdminRequest.SiteSet(site, Map.of(SiteSetting.SIGNING.key(), value));
    }

    /// The key alone on standard output, so that it can go into a file.
    private int show(Terminal terminal, SecretBytes key, List<String> lines) {
        terminal.note(lines);
        boolean written = terminal.written(List.of(HexFormat.of().formatHex(key.reveal())));
        key.destroy();
        return written
                ? 0
                : terminal.fail(
                        "the key could not be written, and nobody has it; it counts all the same",
                        keepOld
                                ? "`cardsecure site signing drop-new " + site + "` drops it, then make another"
                                : "make another, where there is room for it");
    }
}
