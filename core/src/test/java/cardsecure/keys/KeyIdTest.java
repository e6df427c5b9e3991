package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyIdTest {
    @Test
    void theyCountInBaseThirtySix() {
        assertThat(KeyId.first()).hasToString("001");
        assertThat(new KeyId("009").next()).contains(new KeyId("00A"));
        assertThat(new KeyId("00Z").next()).contains(new KeyId("010"));
        assertThat(new KeyId("0ZZ").next()).contains(new KeyId("100"));
        assertThat(new KeyId("ZZZ").next()).isEmpty();
    }

    @Test
    void theVaultsOwnEndWhereThoseOfCallersBegin() {
        assertThat(KeyId.firstOfCallers()).hasToString("E01");
        assertThat(new KeyId("E00").next()).isEmpty();
    }

    @Test
    void theyHaveThreeDigitsOrCapitalLetters() {
        for (String bad : List.of("", "01", "0001", "00a", "00 ", "00-", "001\n")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new KeyId(bad));
        }
    }

    @Test
    void theyAreReadFromTheMiddleOfBytes() {
        byte[] bytes = {1, '0', '0', 'A', 9};

        assertThat(KeyId.at(bytes, 1)).isEqualTo(new KeyId("00A"));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyId.at(bytes, 0));
        assertThat(new KeyId("00A").bytes()).containsExactly('0', '0', 'A');
    }
}
