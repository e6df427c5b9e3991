package cardsecure;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Keeps the directions that the packages' descriptions name: dependencies run downwards.
class ArchitectureTest {
    /// From the bottom up: a package may use those before it, and no other.
    private static final List<String> UPWARDS = List.of(
            "error",
            "secret",
            "card",
            "token",
            "limit",
            "site",
            "store",
            "keys",
            "crypto",
            "dukpt",
            "swipe",
            "signing",
            "audit",
            "user",
            "rsa",
            "wallet",
            "vault",
            "rotation",
            "wire",
            "protocol",
            "rfc");

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("cardsecure");

    @Test
    void theRulesSeeTheProduct() {
        assertThat(CORE.size()).isGreaterThan(60);
    }

    @Test
    void everyPackageHasItsPlace() {
        Set<String> packages = new TreeSet<>();
        CORE.forEach(type -> packages.add(type.getPackageName().substring("cardsecure.".length())));

        assertThat(packages).containsExactlyInAnyOrderElementsOf(UPWARDS);
    }

    @Test
    void dependenciesRunDownwards() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : UPWARDS) {
            layers = layers.layer(name).definedBy("cardsecure." + name + "..");
        }
        for (int i = 0; i < UPWARDS.size(); i++) {
            String name = UPWARDS.get(i);
            List<String> below = new ArrayList<>(UPWARDS.subList(0, i));
            below.removeAll(notFor(name));
            var layer = layers.whereLayer(name);
            layers = below.isEmpty()
                    ? layer.mayNotAccessAnyLayer()
                    : layer.mayOnlyAccessLayers(below.toArray(String[]::new));
        }

        layers.check(CORE);
    }

    /// What lies below a package and is none of its business all the same.
    private static List<String> notFor(String name) {
        return switch (name) {
            case "secret" -> List.of("error");
            case "limit" -> List.of("error", "secret", "card", "token");
            case "store" -> List.of("limit");
            case "audit" ->
                List.of(
                        "error", "secret", "card", "token", "limit", "site", "store", "keys", "crypto", "dukpt",
                        "swipe", "signing");
            case "dukpt" -> List.of("card", "token", "limit", "keys");
            case "swipe" -> List.of("token", "limit", "site", "store", "keys", "crypto");
            case "signing" -> List.of("card", "token", "limit", "keys", "dukpt", "swipe");
            case "user" -> List.of("card", "token", "keys", "dukpt", "swipe", "signing", "audit");
            case "rsa" -> List.of("card", "token", "limit", "keys", "dukpt", "swipe", "signing", "audit", "user");
            case "wallet" -> List.of("token", "limit", "keys", "dukpt", "swipe", "signing", "audit", "user", "rsa");
            case "rotation" -> List.of("limit", "user", "rsa", "dukpt", "swipe", "signing", "wallet");
            case "protocol" ->
                List.of(
                        "limit",
                        "site",
                        "store",
                        "keys",
                        "crypto",
                        "dukpt",
                        "swipe",
                        "signing",
                        "audit",
                        "user",
                        "rsa",
                        "rotation");
            case "wire" -> allBut("secret");
            // Bytes alone: what a call means is for whoever plays the front.
            case "rfc" -> allBut("error", "secret", "wire");
            default -> List.of();
        };
    }

    private static List<String> allBut(String... names) {
        return UPWARDS.stream().filter(name -> !List.of(names).contains(name)).toList();
    }

    @Test
    void noPackagesGoInCircles() {
        slices().matching("cardsecure.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void coreDependsOnTheJdkJSpecifyBouncyCastleAndAJsonReaderOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAPackage("java..")
                        .or(resideInAPackage("javax.crypto.."))
                        .or(resideInAPackage("javax.security.."))
                        .or(resideInAPackage("org.jspecify.."))
                        .or(resideInAPackage("org.bouncycastle.."))
                        .or(resideInAPackage("tools.jackson.core.."))
                        .or(resideInAPackage("cardsecure..")))
                .check(CORE);
    }

    @Test
    void bouncyCastleIsCryptosAndTheWalletsBusiness() {
        noClasses()
                .that()
                .resideOutsideOfPackages("cardsecure.crypto..", "cardsecure.wallet..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .check(CORE);
    }

    @Test
    void jsonIsTheWalletsBusiness() {
        noClasses()
                .that()
                .resideOutsideOfPackage("cardsecure.wallet..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .check(CORE);
    }

    @Test
    void nobodyPrintsOrLogsBesideTheAudit() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CORE);
    }

    @Test
    void nobodyThrowsGenericExceptions() {
        NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(CORE);
    }

    @Test
    void aRuleThatIsBrokenIsFound() {
        var rule = noClasses()
                .that()
                .resideInAPackage("cardsecure.vault")
                .should()
                .dependOnClassesThat(resideInAPackage("cardsecure.store"));

        assertThat(rule.evaluate(CORE).hasViolation()).isTrue();
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<JavaPackage> packages = CORE.getPackage("cardsecure").getSubpackages();

        assertThat(packages)
                .hasSize(UPWARDS.size())
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as(each.getName())
                        .isTrue());
    }
}
