package cardsecure.server;

import static cardsecure.TestCards.PERSON;
import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The search of the leak test can find something.
class LeakSearchTest {
    private static final LeakSearch SEARCH = new LeakSearch(Map.of("card", VISA, "person", PERSON));

    @TempDir
    Path temporary;

    @Test
    void eachFormIsFoundAmongRandomBytesInAFile() throws Exception {
        for (String datum : new String[] {VISA, PERSON}) {
            for (Map.Entry<String, byte[]> form : LeakSearch.forms(datum).entrySet()) {
                assertThat(SEARCH.below(plant(form.getValue())))
                        .as(form.getKey())
                        .isNotEmpty();
            }
        }
        assertThat(SEARCH.below(plant(new byte[0]))).isEmpty();
    }

    private Path plant(byte[] planted) throws Exception {
        byte[] noise = new byte[1000];
        new Random(1).nextBytes(noise);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(noise);
        out.writeBytes(planted);
        out.writeBytes(noise);
        Files.write(temporary.resolve("000012.log"), out.toByteArray());
        return temporary;
    }

    /// As others would write it, not as the search itself does.
    @Test
    void whatOthersWriteIsFoundWhereverItStands() {
        for (int shift = 0; shift < 6; shift++) {
            byte[] shifted = ("x".repeat(shift) + VISA + "yz").getBytes(StandardCharsets.UTF_8);
            assertThat(SEARCH.in("", Base64.getEncoder().encodeToString(shifted)))
                    .as("Base64 at " + shift)
                    .isNotEmpty();
            assertThat(SEARCH.in("", HexFormat.of().formatHex(shifted))).isNotEmpty();
            assertThat(SEARCH.in("", new String(shifted, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16)))
                    .isNotEmpty();
        }
        assertThat(SEARCH.in("", HexFormat.of().parseHex(VISA))).isNotEmpty();
        assertThat(SEARCH.in("", HexFormat.of().parseHex("0" + VISA + "f"))).isNotEmpty();
        assertThat(SEARCH.in("", "data=Jane+Q.+Sample%2C+12+Example+Street&")).isNotEmpty();
    }

    @Test
    void atTheVeryEndItIsFoundAndCutOffItIsNot() {
        assertThat(SEARCH.in("", VISA)).contains(" has card, clear at 0");
        assertThat(SEARCH.in("", VISA.substring(0, 15))).isEmpty();
    }

    @Test
    void aFilesNameIsLookedAtToo() throws Exception {
        Files.createFile(temporary.resolve(VISA + ".txt"));
        assertThat(SEARCH.below(temporary)).isNotEmpty();
    }
}
