package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What the lists of commands say, which is the first line of each command's description.
class CommandListTest {
    private static List<CommandLine> below(CommandLine command) {
        List<CommandLine> all = new ArrayList<>();
        command.getSubcommands().values().forEach(each -> {
            all.add(each);
            all.addAll(below(each));
        });
        return all;
    }

    @Test
    void noLineOfACommandListEndsInTheMiddleOfASentence() {
        List<CommandLine> commands = below(Main.commandLine());

        assertThat(commands)
                .hasSizeGreaterThan(50)
                .allSatisfy(command -> assertThat(
                                command.getCommandSpec().usageMessage().description())
                        .as(command.getCommandSpec().qualifiedName())
                        .isNotEmpty()
                        .satisfies(lines -> assertThat(lines[0]).matches("\\p{Lu}.*[^.]\\.")));
    }
}
