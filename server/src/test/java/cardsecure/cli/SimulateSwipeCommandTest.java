package cardsecure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.secret.SecretBytes;
import cardsecure.swipe.SwipeReader;
import cardsecure.swipe.SwipeSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What `simulate swipe` prints and writes, and what it says of what no reader sends.
class SimulateSwipeCommandTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private record Run(int exit, String out, String err) {}

    private Run run(String... arguments) {
        return run(bytes, arguments);
    }

    private static Run run(OutputStream bytes, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-28T10:00:00Z"));
        int exit = new CommandLine(new SimulateSwipeCommand(clock, bytes))
                .setParameterExceptionHandler(new UsageErrors())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    private static String ksnOf(String hex) {
        byte[] swipe = hex.strip().getBytes(StandardCharsets.US_ASCII);
        return new SwipeReader(SwipeSettings.usual())
                .read(SecretBytes.owning(swipe))
                .source()
                .ksn()
                .hex();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "idtech-binary",
                "idtech-original",
                "idtech-manual",
                "idtech-emv",
                "idtech-emv-marked",
                "idtech-emv-doubled",
                "magtek-hid",
                "magtek-emv",
                "generic-tlv",
                "generic-tags"
            })
    void bytesAreWrittenAsTheyAre(String format) {
        Run hex = run("--format", format, "--encoding", "hex");
        Run raw = run("--format", format, "--encoding", "raw");

        assertThat(raw).isEqualTo(new Run(0, "", ""));
        assertThat(bytes.toByteArray())
                .isEqualTo(HexFormat.of().parseHex(hex.out().strip()));
    }

    @Test
    void aTextIsALine() {
        Run run = run("--format", "ksn-and-hex");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).matches("FFFF9876540000C00001\\|[0-9A-F]+\\R");
        assertThat(bytes.size()).isZero();
    }

    @Test
    void bytesThatCannotBeWrittenAreAnError() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int each) throws IOException {
                throw new IOException("no space left");
            }
        };
        Run run = run(full, "--format", "idtech-binary", "--encoding", "raw");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("error: the output could not be written").contains("hint: ");
    }

    @ParameterizedTest
    @CsvSource({
        "test, idtech, 1, FFFF9876540000C00001",
        "test, idtech, 1048576, FFFF9876540000D00000",
        "test, idtech, 2095104, FFFF9876540000DFF800",
        "test, magtek, 2095104, FFFF9876543210FFF800",
        "test-aes, idtech, 4294901760, 1234567890123456FFFF0000"
    })
    void countersGoUpToTheirWidth(String bdk, String format, String counter, String ksn) {
        Run run = run("--bdk", bdk, "--format", format, "--counter", counter);

        assertThat(run.err()).isEmpty();
        assertThat(ksnOf(run.out())).isEqualTo(ksn);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--counter 0|a KSN's counter is from 1 to 2097151",
                "--counter -1|a KSN's counter is from 1 to 2097151",
                "--counter 2097152|a KSN's counter is from 1 to 2097151",
                "--counter 4294967297 --bdk test-aes|a KSN's counter is from 1 to 4294967295",
                "--counter 2047|a KSN's counter has more than 10 one-bits",
                "--format magtek-hid --serial 12345678901234567|up to 16 printable characters",
                "--serial 12345678901|up to 10 printable characters",
                "--format idtech-emv --serial 123456789|up to 8 printable characters",
                "--serial SIMé|up to 10 printable characters of ASCII, no blank",
                "--format idtech-original --hashes sha256|SHA-256 are in ID TECH's enhanced frames only",
                "--name É|no such swipe",
                "--format frob|--format is one of idtech, idtech-binary, ",
                "--format idtech-keyboard|--format is one of idtech, idtech-binary, "
            })
    void whatNoReaderSendsIsAMistakeInTheCommand(String arguments, String why) {
        Run run = run(arguments.split(" "));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("cardsecure: error: ").contains(why).contains("hint: `swipe --help`");
    }

    @Test
    void theHelpHasTheFormatsThatTheErrorHas() {
        String error = run("--format", "frob").err().lines().findFirst().orElse("");
        List<String> formats =
                Arrays.asList(error.replaceFirst(".* is one of ", "").strip().split(", "));
        String help = run("--help").out().replaceAll("\\s+", " ");

        assertThat(formats).hasSize(15).contains("idtech", "magtek", "rua");
        assertThat(help).contains(String.join(", ", formats) + ".");
    }
}
