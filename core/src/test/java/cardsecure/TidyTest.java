package cardsecure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Keeps the rules that can be read off the text of a file.
class TidyTest {
    private static final String MAIN = "core/src/main/java/cardsecure/A.java";
    private static final String TEST = "core/src/test/java/cardsecure/A.java";

    @Test
    void everyJavaSourceIsTidy() {
        List<String> findings = new ArrayList<>();
        for (Path file : Sources.java()) {
            Sources.text(file).ifPresent(source -> findings.addAll(Tidy.java(Sources.name(file), source)));
        }

        assertThat(findings).isEmpty();
    }

    @Test
    void everyCardNumberIsAPublicTestNumber() {
        List<String> findings = new ArrayList<>();
        Set<String> allowed = TestCards.allowedNumbers();
        for (Path file : Sources.all()) {
            Sources.text(file).ifPresent(text -> findings.addAll(Tidy.cardNumbers(Sources.name(file), text, allowed)));
        }

        assertThat(findings).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        List<Path> packages = Sources.java().stream()
                .filter(file -> Sources.name(file).contains("src/main/java/"))
                .map(Path::getParent)
                .distinct()
                .toList();

        assertThat(packages).hasSizeGreaterThan(8);
        assertThat(packages).allSatisfy(directory -> {
            Path info = directory.resolve("package-info.java");
            assertThat(Files.exists(info)).as(info.toString()).isTrue();
            assertThat(Sources.text(info).orElseThrow()).startsWith("///").contains("@NullMarked\npackage ");
        });
    }

    @Test
    void longLinesFilesAndFunctionsAreFound() {
        String line = "//" + " ".repeat(Tidy.LINE_MAX - 1) + "\n";
        String file = "//\n".repeat(Tidy.FILE_MAX + 1);
        String function = "class A { void a() {" + "\n".repeat(Tidy.FUNCTION_MAX) + "} }";

        assertThat(Tidy.java(TEST, line)).singleElement().asString().contains("over 120 characters");
        assertThat(Tidy.java(TEST, file)).singleElement().asString().contains("401 lines");
        assertThat(Tidy.java(TEST, function)).singleElement().asString().contains("a has 71 lines");
    }

    @Test
    void filesAtTheLimitsAreTidy() {
        assertThat(Tidy.java(TEST, "//" + " ".repeat(Tidy.LINE_MAX - 2))).isEmpty();
        assertThat(Tidy.java(TEST, "//\n".repeat(Tidy.FILE_MAX))).isEmpty();
        assertThat(Tidy.java(TEST, "class A { void a() {" + "\n".repeat(Tidy.FUNCTION_MAX - 1) + "} }"))
                .isEmpty();
    }

    @Test
    void forbiddenWordsAreFound() {
        List<String> forbidden = List.of(
                "// TO" + "DO later",
                "// FIX" + "ME",
                "e.printStack" + "Trace();",
                "Sys" + "tem.out.println(1);",
                "Sys" + "tem.err.println(1);",
                "Thread.sle" + "ep(1);",
                "import org.mock" + "ito.Mock;");

        assertThat(forbidden)
                .allSatisfy(line -> assertThat(Tidy.java(TEST, "class A {\n    // " + line + "\n}"))
                        .hasSize(1));
    }

    @Test
    void publicTypesOfTheProductWithoutAWordAreFound() {
        String nested = "/// Has one that has none.\npublic interface A { record B() {} }";

        assertThat(Tidy.java(MAIN, "public class A {}")).hasSize(1);
        assertThat(Tidy.java(MAIN, nested)).singleElement().asString().contains("type B");
        assertThat(Tidy.java(MAIN, "/// Is fine.\npublic class A {}")).isEmpty();
        assertThat(Tidy.java(MAIN, "class A {}")).isEmpty();
        assertThat(Tidy.java(TEST, "public class A {}")).isEmpty();
    }

    @Test
    void numbersThatPassForCardsAreFound() {
        String stray = TestCards.cardOf("400012", 16);

        assertThat(Tidy.cardNumbers("a", "x" + stray + "^y", Set.of())).hasSize(1);
        assertThat(Tidy.cardNumbers("a", "one\ntwo " + TestCards.cardOf("37", 13), Set.of()))
                .singleElement()
                .asString()
                .startsWith("a:2:");
        assertThat(Tidy.cardNumbers("a", TestCards.cardOf("6304", 19), Set.of()))
                .hasSize(1);
    }

    @Test
    void otherNumbersAreNoFinding() {
        String allowed = TestCards.VISA;
        String token = TestCards.DOCUMENTED_TOKENS.getFirst();

        assertThat(Tidy.cardNumbers("a", allowed, Set.of(allowed))).isEmpty();
        assertThat(Tidy.cardNumbers("a", token, Set.of())).isEmpty();
        assertThat(Tidy.cardNumbers("a", "4000120000000000", Set.of())).isEmpty();
        assertThat(Tidy.cardNumbers("a", TestCards.cardOf("4", 20), Set.of())).isEmpty();
        assertThat(Tidy.cardNumbers("a", TestCards.cardOf("4", 12), Set.of())).isEmpty();
    }
}
