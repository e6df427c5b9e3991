package cardsecure.cli;

import cardsecure.site.SiteSetting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Settings as the command line has them, `KEY=VALUE`.
final class SettingArguments {
    private SettingArguments() {}

    /// The settings of some arguments, in their order.
    ///
    /// @throws ParameterException for one without `=`, or a key that is there twice
    static Map<String, String> parse(CommandSpec spec, List<String> arguments) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals <= 0) {
                throw new ParameterException(spec.commandLine(), "a setting is KEY=VALUE, such as domains=C,A");
            }
            String key = argument.substring(0, equals);
            if (settings.putIfAbsent(key, argument.substring(equals + 1)) != null) {
                throw new ParameterException(spec.commandLine(), "a setting is given twice");
            }
        }
        return settings;
    }

    /// Lists every setting at the end of a command's help.
    static final class ListedInHelp implements IModelTransformer {
        private static final int WIDTH = 120;

        @Override
        public CommandSpec transform(CommandSpec spec) {
            List<String> footer = new ArrayList<>(List.of(spec.usageMessage().footer()));
            footer.addAll(List.of("", "Settings:"));
            for (SiteSetting setting : SiteSetting.values()) {
                footer.add(String.format(
                        "  %-14s %s", setting.key(), setting.meaning().replace("%", "%%")));
            }
            spec.usageMessage().width(WIDTH).footer(footer.toArray(String[]::new));
            return spec;
        }
    }
}
