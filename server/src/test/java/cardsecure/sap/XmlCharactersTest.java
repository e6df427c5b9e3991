package cardsecure.sap;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class XmlCharactersTest {
    private static final String TEXT = "<a>Zo\u00eb</a>";

    private static String read(byte[] body, Optional<String> charset) throws IOException {
        try (XmlCharacters characters = XmlCharacters.of(body, charset);
                Reader reader = characters.reader()) {
            return reader.readAllAsString();
        }
    }

    @Test
    void aDocumentSaysItselfWhatItIsWrittenIn() throws IOException {
        String declared = "<?xml version='1.0' encoding = \"ISO-8859-1\"?>" + TEXT;
        assertThat(read(declared.getBytes(StandardCharsets.ISO_8859_1), Optional.empty()))
                .isEqualTo(declared);
        assertThat(read(declared.getBytes(StandardCharsets.UTF_8), Optional.of("utf-8")))
                .as("the header comes first")
                .isEqualTo(declared);
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(read(TEXT.getBytes(charset), Optional.empty())).isEqualTo(TEXT);
            assertThat(read(("\ufeff" + TEXT).getBytes(charset), Optional.empty()))
                    .isEqualTo(TEXT);
        }
        assertThat(read(new byte[0], Optional.empty())).isEmpty();
    }

    /// Before a parser sees them, which would print that.
    @Test
    void bytesThatAreNoTextAreRefused() {
        for (String hex : List.of("80", "c3", "c328", "e282", "f0288cbc", "ff", "eda080", "feffd800", "feff00")) {
            byte[] body = HexFormat.of().parseHex(hex);
            assertThat(Refusals.codeOf(() -> XmlCharacters.of(body, Optional.empty())))
                    .as(hex)
                    .isEqualTo(ErrorCode.ILLEGAL_CHARACTERS);
        }
    }

    /// Among them those with decoders that have states.
    @Test
    void charsetsThatNobodyNeedsAreRefused() {
        byte[] body = TEXT.getBytes(StandardCharsets.US_ASCII);
        for (String charset : List.of("klingon", "UTF-7", "ISO-2022-JP", "IBM037", "", " ")) {
            assertThat(Refusals.codeOf(() -> XmlCharacters.of(body, Optional.of(charset))))
                    .as(charset)
                    .isEqualTo(ErrorCode.ILLEGAL_CHARACTERS);
        }
    }
}
