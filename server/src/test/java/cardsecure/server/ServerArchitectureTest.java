package cardsecure.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// A front frames and knows no store; a store keeps and knows no vault; each library is one package's business.
class ServerArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // The core's tests come as a jar of their own.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("cardsecure");

    @Test
    void theRulesSeeTheProduct() {
        assertThat(PRODUCT.size()).isGreaterThan(150);
        assertThat(PRODUCT.contain(Server.class)).isTrue();
    }

    @Test
    void noPackagesGoInCircles() {
        slices().matching("cardsecure.(*)..").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void frontsKnowNeitherStoresNorKeys() {
        noClasses()
                .that()
                .resideInAnyPackage("cardsecure.http..", "cardsecure.socket..", "cardsecure.sap..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "cardsecure.rocks..",
                        "cardsecure.postgres..",
                        "cardsecure.stores..",
                        "cardsecure.store..",
                        "cardsecure.keys..",
                        "cardsecure.crypto..",
                        "cardsecure.kek..")
                .check(PRODUCT);
    }

    @Test
    void theStoreKnowsNothingOfWhatIsDecidedAboveIt() {
        noClasses()
                .that()
                .resideInAnyPackage("cardsecure.rocks..", "cardsecure.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "cardsecure.vault..", "cardsecure.protocol..", "cardsecure.crypto..", "cardsecure.keys..")
                .check(PRODUCT);
    }

    @Test
    void eachLibraryIsOnePackagesBusiness() {
        onlyIn("org.rocksdb..", "cardsecure.rocks..");
        onlyIn("io.helidon..", "cardsecure.http..");
        onlyIn("org.postgresql..", "cardsecure.postgres..");
        onlyIn("java.sql..", "cardsecure.postgres..");
        onlyIn("com.zaxxer..", "cardsecure.postgres..");
        onlyIn("org.flywaydb..", "cardsecure.postgres..");
        onlyIn(
                "org.bouncycastle..",
                "cardsecure.tls..",
                "cardsecure.backup..",
                "cardsecure.crypto..",
                "cardsecure.wallet..");
        onlyIn("org.snakeyaml..", "cardsecure.config..");
        onlyIn("ch.qos.logback..", "cardsecure.log..");
        onlyIn("org.HdrHistogram..", "cardsecure.bench..");
    }

    private static void onlyIn(String library, String... packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(PRODUCT);
    }

    @Test
    void nobodyPrintsPastTheCommandLine() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(PRODUCT);
    }

    @Test
    void onlyTheCompositionRootKnowsEveryPart() {
        classes()
                .that()
                .resideInAPackage("cardsecure.server..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAPackage("cardsecure.server..")
                .check(PRODUCT);
    }
}
