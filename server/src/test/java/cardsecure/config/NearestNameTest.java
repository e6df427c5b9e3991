package cardsecure.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    private static final List<String> KNOWN = List.of("data", "listeners", "store", "log", "socket", "socket-tls");

    @ParameterizedTest
    @CsvSource({
        "listners,listeners",
        "listenres,listeners",
        "dta,data",
        "dtaa,data",
        "Store,store",
        "lgo,log",
        "sockets,socket",
        "socket_tls,socket-tls",
        "store,store"
    })
    void findsWhatWasMeant(String typed, String meant) {
        assertThat(NearestName.of(typed, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"colour", "x", "''", "passphrase"})
    void findsNothingWhereNothingIsNear(String typed) {
        assertThat(NearestName.of(typed, KNOWN)).isEmpty();
    }

    @Test
    void givesUpOnWhatIsLong() {
        assertThat(NearestName.of("a".repeat(1_000_000), List.of("a".repeat(999_999))))
                .isEmpty();
    }
}
