package cardsecure.server;

import cardsecure.bench.BenchCommand;
import cardsecure.cli.AppleCommand;
import cardsecure.cli.BdkCommand;
import cardsecure.cli.CheckConfigCommand;
import cardsecure.cli.GoogleCommand;
import cardsecure.cli.KeyCommand;
import cardsecure.cli.SignCommand;
import cardsecure.cli.SimulateCommand;
import cardsecure.cli.SiteCommand;
import cardsecure.cli.StatusCommand;
import cardsecure.cli.StoreCommand;
import cardsecure.cli.TakeCommand;
import cardsecure.cli.UsageErrors;
import cardsecure.cli.UserCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The program `cardsecure`, and where it begins.
@Command(
        name = "cardsecure",
        description = "Keeps card numbers and other sensitive data encrypted, and answers with tokens.",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            StatusCommand.class,
            SiteCommand.class,
            UserCommand.class,
            KeyCommand.class,
            BdkCommand.class,
            StoreCommand.class,
            AppleCommand.class,
            GoogleCommand.class,
            TakeCommand.class,
            SignCommand.class,
            SimulateCommand.class,
            CheckConfigCommand.class,
            BenchCommand.class,
        },
        footer = {
            "",
            "To try it out:",
            "  cardsecure serve --dev",
            "  curl 'http://127.0.0.1:6080/cardsecure/cs?action=CE&data=4444333322221111'",
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    boolean version;

    static {
        // A client that renegotiates makes the server work for nothing; TLS 1.3 has no such thing any more. The JDK
        // reads this once, when anything in the process uses TLS first, and that may be the database's driver.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    /// Runs the program and ends the process.
    public static void main(String[] arguments) {
        System.exit(commandLine().setOut(standardOutput()).execute(arguments));
    }

    /// Standard output itself: Java's own stream in front of it keeps failures to itself, and a key that was printed to
    /// a full disk is lost.
    private static PrintWriter standardOutput() {
        Charset charset = Charset.forName(System.getProperty("stdout.encoding", "UTF-8"), StandardCharsets.UTF_8);
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), charset), true);
    }

    /// The whole command line.
    static CommandLine commandLine() {
        return new CommandLine(new Main()).setParameterExceptionHandler(new UsageErrors());
    }

    /// Without a command: says which there are.
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
