package cardsecure.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What every front must answer alike, whatever its wire: the transcripts under `fronts/`, played through it.
public interface FrontContract {
    /// What a front answers.
    ///
    /// @param action the request's own, or `ER`
    record Answer(String action, String data) {}

    /// A caller of one site, on a connection that nobody can read.
    interface Caller extends AutoCloseable {
        /// The answer to a request.
        ///
        /// @param data bytes, which need not be UTF-8
        /// @param parameters beside action and data
        Answer call(String action, byte[] data, Map<String, String> parameters) throws Exception;

        /// How this front says that an action needs credentials.
        Answer needsCredentials();

        @Override
        void close() throws IOException;
    }

    /// Makes a site with settings, and a caller of it.
    Caller open(String site, Map<String, String> settings) throws Exception;

    /// A test for each transcript.
    @TestFactory
    default Stream<DynamicTest> everyTranscriptIsTrue() throws IOException {
        return Transcript.all().stream()
                .map(transcript -> DynamicTest.dynamicTest(transcript.name(), () -> {
                    try (Caller caller = open(transcript.name(), transcript.settings())) {
                        transcript.play(caller);
                    }
                }));
    }

    /// The corpus is there, and names every action and what this front and the others can refuse alike.
    @Test
    default void theCorpusIsNotEmpty() throws IOException {
        List<Transcript> transcripts = Transcript.all();
        assertThat(transcripts).hasSizeGreaterThanOrEqualTo(12);
        assertThat(transcripts.stream()
                        .flatMap(transcript -> transcript.exchanges().stream())
                        .map(Transcript.Exchange::action))
                .contains(
                        "CE", "CV", "CP", "CT", "CD", "AE", "AV", "AP", "AD", "PE", "PV", "PP", "PD", "SE", "SV", "SP",
                        "SD", "CR", "AR", "PR", "SR", "KG", "EC", "DE", "HI", "ER");
        assertThat(transcripts.stream()
                        .flatMap(transcript -> transcript.exchanges().stream())
                        .map(Transcript.Exchange::expected)
                        .filter(expected -> expected.matches("ER [0-9]{4}::.*"))
                        .map(expected -> expected.substring(3, 7)))
                .contains(
                        "0007", "0008", "0012", "0013", "0014", "0021", "0038", "0048", "0049", "0054", "0056", "0071");
    }
}
