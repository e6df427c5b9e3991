package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where a command's output goes, and the voice of its errors: small letters, no full stop, what is wrong and
/// then what to do.
final class Terminal {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final CommandSpec spec;

    Terminal(CommandSpec spec) {
        this.spec = spec;
    }

    int say(String line) {
        return say(List.of(line));
    }

    int say(List<String> lines) {
        return written(lines) ? 0 : failUnwritten();
    }

    /// Writes bytes and nothing else, which no character set of the terminal's changes.
    ///
    /// @param out standard output itself, beside the writer
    int bytes(SecretBytes bytes, OutputStream out) {
        spec.commandLine().getOut().flush();
        try {
            out.write(bytes.reveal());
            out.flush();
            return 0;
        } catch (IOException _) {
            return failUnwritten();
        }
    }

    private int failUnwritten() {
        return fail("the output could not be written, all of it or its end", "make room where it goes, and try again");
    }

    /// Whether lines came to where the output goes: on a disk that is full, for one, they do not.
    boolean written(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        return !out.checkError();
    }

    /// Says what does not belong into a file that the output goes to.
    void note(List<String> lines) {
        fail(lines);
    }

    int json(Object value) {
        return say(JSON.writeValueAsString(value));
    }

    int fail(String message, String hint) {
        return fail(List.of("cardsecure: error: " + message, "hint: " + hint));
    }

    int fail(AdminReply.Failed failed) {
        return fail(failed.message(), failed.hint());
    }

    /// A refusal's reason is what is wrong and, after a semicolon, what to do.
    int fail(Refusal refusal) {
        String[] parts = refusal.reason().split("; ", 2);
        return fail(
                refusal.code().digits() + " " + refusal.code().text() + ": " + parts[0],
                parts.length > 1 ? parts[1] : "docs/operations.md says how keys are kept");
    }

    int fail(List<String> lines) {
        PrintWriter err = spec.commandLine().getErr();
        lines.forEach(err::println);
        err.flush();
        return 1;
    }

    /// For an answer of a kind that the request never gets.
    int failUnexpected() {
        return fail("the server answered something else", "use the program in the version that the server has");
    }
}
