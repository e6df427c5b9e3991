package cardsecure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.site.SiteSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is no command is said to be none, and what is one explains itself.
class CliHelpTest extends CliTranscript {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "site set shop",
                "site set shop x",
                "site set shop a=1 a=2",
                "site set shop =1",
                "site",
                "site show",
                "site frob",
                "site rsa-key",
                "site rsa-key new",
                "site rsa-key new shop --bits x",
                "site rsa-key export shop --format der",
                "site rsa-key remove shop",
                "apple",
                "apple csr",
                "apple csr --site shop x",
                "apple import --site shop",
                "apple remove --site shop",
                "google",
                "google key-new",
                "google remove --site shop --key x",
                "site signing",
                "site signing on",
                "site signing no-key shop",
                "site signing on shop --keep-old",
                "key",
                "key retire",
                "key reseal --rate fast",
                "key rotate --fingerprint --callers",
                "store",
                "store migrate",
                "store migrate --store rocksdb:x",
                "key job --pause --resume",
                "status --jsn",
                "check-config"
            })
    void whatIsNoCommandExitsWith2AndAsksNoServer(String command) {
        Run run = run(command.split(" "));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.text())
                .startsWith("! cardsecure: error: ")
                .contains("! hint: ")
                .doesNotContain("no server");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "site",
                "site add",
                "site list",
                "site show",
                "site set",
                "site rsa-key",
                "site rsa-key new",
                "site rsa-key list",
                "site rsa-key export",
                "site rsa-key remove",
                "apple",
                "apple csr",
                "apple import",
                "apple list",
                "apple remove",
                "google",
                "google key-new",
                "google list",
                "google remove",
                "site signing",
                "site remove",
                "sign",
                "key",
                "key list",
                "key rotate",
                "key reseal",
                "key job",
                "key retire",
                "key reinstate",
                "key destroy",
                "store",
                "store migrate",
                "status",
                "check-config"
            })
    void everyCommandHelpsWithAnExample(String command) {
        Run run = run((command + " --help").split(" "));
        assertThat(run.exit()).isZero();
        assertThat(run.text()).contains("Usage: cardsecure " + command).contains("  cardsecure " + command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"site add", "site set"})
    void helpListsEverySetting(String command) {
        String help = run((command + " --help").split(" ")).text();
        for (SiteSetting setting : SiteSetting.values()) {
            assertThat(help).contains("  " + setting.key() + " ").contains(setting.meaning());
        }
    }

    @Test
    void checkingAConfiguration() throws IOException {
        Path good = Files.writeString(directory.resolve("good.yaml"), "data: d\n");
        Path bad = Files.writeString(directory.resolve("bad.yaml"), "dta: d\nlisteners:\n  http: x\n");
        assertThat(run("check-config", good.toString())).isEqualTo(new Run(0, List.of(good + ": ok")));
        assertThat(run("check-config", bad.toString()))
                .isEqualTo(new Run(
                        1,
                        List.of(
                                "! " + bad + ":1: unknown key \"dta\"; did you mean \"data\"?",
                                "! " + bad
                                        + ":3: \"listen\": a listener is HOST:PORT, [IPV6]:PORT, PORT or off (http)")));
        assertThat(run("check-config", directory.resolve("none").toString()).lines())
                .containsExactly("! " + directory.resolve("none") + ": there is no such file");
    }
}
