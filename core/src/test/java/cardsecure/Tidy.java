package cardsecure;

import cardsecure.card.Luhn;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Finds what is untidy in a file. The forbidden words are written in halves, or this file would be its own finding.
final class Tidy {
    static final int LINE_MAX = 120;
    static final int FUNCTION_MAX = 70;
    static final int FILE_MAX = 400;

    /// Programs that show others how it is done.
    private static final String SAMPLES = "docs/samples/";

    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");
    private static final Pattern PRINTING = Pattern.compile("System\\s*\\.\\s*(out|err)\\b|printStack" + "Trace");
    private static final Pattern IN_TESTS = Pattern.compile("Thread\\s*\\.\\s*sle" + "ep|[mM]ock" + "ito");
    private static final Pattern DIGITS = Pattern.compile("(?<![0-9])[0-9]{13,19}(?![0-9])");

    private Tidy() {}

    /// What is untidy in a Java source.
    ///
    /// @param name its place in the repository
    static List<String> java(String name, String source) {
        List<String> findings = new ArrayList<>();
        List<String> lines = source.lines().toList();
        if (lines.size() > FILE_MAX) {
            findings.add(name + ": " + lines.size() + " lines, at most " + FILE_MAX);
        }
        for (int i = 0; i < lines.size(); i++) {
            String at = name + ":" + (i + 1) + ": ";
            String line = lines.get(i);
            if (line.codePointCount(0, line.length()) > LINE_MAX) {
                findings.add(at + "a line of over " + LINE_MAX + " characters");
            }
            find(UNFINISHED, line, at + "an unfinished thing belongs in an issue", findings);
            if (!name.startsWith(SAMPLES)) {
                find(PRINTING, line, at + "print through the command's writer, or log", findings);
            }
            find(IN_TESTS, line, at + "no sleeping, no mocks", findings);
        }
        boolean main = name.contains("src/main/java/");
        findings.addAll(parsed(name, source, main));
        return findings;
    }

    private static void find(Pattern pattern, String line, String finding, List<String> findings) {
        if (pattern.matcher(line).find()) {
            findings.add(finding);
        }
    }

    private static List<String> parsed(String name, String source, boolean main) {
        List<String> findings = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavacTask task = (JavacTask) compiler.getTask(null, null, _ -> {}, null, null, List.of(file));
        DocTrees trees = DocTrees.instance(task);
        try {
            for (CompilationUnitTree unit : task.parse()) {
                new Scanner(name, unit, trees, main).scan(new TreePath(unit), findings);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return findings;
    }

    private static final class Scanner extends TreePathScanner<@Nullable Object, List<String>> {
        private final String name;
        private final CompilationUnitTree unit;
        private final DocTrees trees;
        private final boolean main;

        Scanner(String name, CompilationUnitTree unit, DocTrees trees, boolean main) {
            this.name = name;
            this.unit = unit;
            this.trees = trees;
            this.main = main;
        }

        @Override
        public @Nullable Object visitMethod(MethodTree method, List<String> findings) {
            SourcePositions positions = trees.getSourcePositions();
            LineMap lines = unit.getLineMap();
            long end = positions.getEndPosition(unit, method);
            if (end >= 0) {
                long first = lines.getLineNumber(positions.getStartPosition(unit, method));
                long length = lines.getLineNumber(end) - first + 1;
                if (length > FUNCTION_MAX) {
                    findings.add(name + ":" + first + ": " + method.getName() + " has " + length + " lines, at most "
                            + FUNCTION_MAX);
                }
            }
            return super.visitMethod(method, findings);
        }

        @Override
        public @Nullable Object visitClass(ClassTree type, List<String> findings) {
            boolean inInterface = getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
            boolean visible = inInterface || type.getModifiers().getFlags().contains(Modifier.PUBLIC);
            if (main && visible && trees.getDocCommentTree(getCurrentPath()) == null) {
                findings.add(name + ": the public type " + type.getSimpleName() + " has no /// comment");
            }
            return super.visitClass(type, findings);
        }
    }

    /// Digit runs in a text that pass for card numbers. A 9 or a 0 begins no card's number.
    ///
    /// @param allowed numbers that belong to nobody
    static List<String> cardNumbers(String name, String text, Set<String> allowed) {
        List<String> findings = new ArrayList<>();
        Matcher matcher = DIGITS.matcher(text);
        while (matcher.find()) {
            String digits = matcher.group();
            boolean token = digits.startsWith("9") || digits.startsWith("0");
            if (!token && !allowed.contains(digits) && Luhn.isValid(digits.getBytes(StandardCharsets.US_ASCII))) {
                long line = text.substring(0, matcher.start()).lines().count();
                findings.add(name + ":" + line + ": a number that passes for a card's and is not in TestCards");
            }
        }
        return findings;
    }
}
