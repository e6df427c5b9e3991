package cardsecure.browser;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.server.Client;
import cardsecure.server.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pages of another origin in a real browser, those of `docs/browsers.md` and some more.
class BrowserTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("repository.root", ".."), "docs", "browsers.md");
    private static final String DOCUMENTED = "https://fts.example.com:6443";
    private static final Pattern PAGE = Pattern.compile("(?m)^## (.+)$|^```html\\n([\\s\\S]*?)^```$");
    private static final Pattern OUTPUT = Pattern.compile("<output id=\"token\">([^<]*)</output>");

    /// What a customer does with a page.
    private static final String CUSTOMER = """
        <script>
          document.getElementById("card").value = "CARD";
          document.getElementById("pay").click();
        </script>
        """;

    private static final String UNREADABLE = "no reply that this page may read";

    @TempDir
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private TestServer server;

    @SuppressWarnings("NullAway.Init")
    private Shop shop;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(directory.resolve("data"));
        shop = new Shop();
    }

    @AfterEach
    void stop() {
        shop.close();
        server.close();
    }

    /// What a page has in its output in the end.
    private String shown(String page, String serverName) throws IOException, InterruptedException {
        Chromium chromium = Chromium.keepingIn(directory.resolve("profile"));
        String url = shop.put(page.replace(DOCUMENTED, "http://" + serverName + ":" + server.port()));
        String html = chromium.show(url);
        Matcher output = OUTPUT.matcher(html);
        assertThat(output.find()).as(html).isTrue();
        return output.group(1);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(BrowserTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// The page in the document under a heading.
    private static String documented(String heading) throws IOException {
        String under = "";
        Matcher matcher = PAGE.matcher(Files.readString(DOCUMENT, StandardCharsets.UTF_8));
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                under = matcher.group(1);
            } else if (under.equals(heading)) {
                return matcher.group(2);
            }
        }
        throw new AssertionError("no page under " + heading);
    }

    private static String pay(String heading, String card) throws IOException {
        return documented(heading) + CUSTOMER.replace("CARD", card);
    }

    private String token(String card) throws IOException {
        try (Client client = server.client()) {
            return client.call("CE", card);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"XMLHttpRequest", "Script", "Eval"})
    void theDocumentedPageGetsATokenFromAnotherOriginAndTheBrowserKeepsNoNumber(String heading) throws Exception {
        assertThat(shown(pay(heading, TestCards.VISA_ONES), "127.0.0.1")).isEqualTo(token(TestCards.VISA_ONES));

        try (Stream<Path> files = Files.walk(directory.resolve("profile"))) {
            assertThat(files.filter(Files::isRegularFile).toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(TestCards.VISA_ONES));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"XMLHttpRequest", "Script", "Eval"})
    void theDocumentedPageShowsARefusal(String heading) throws Exception {
        assertThat(shown(pay(heading, "frisbee"), "127.0.0.1")).isEqualTo("refused: 0008::Data not decimal digits");
    }

    @Test
    void scriptsRunOneAfterTheOtherWhateverTheCallbackIsCalledAndLeaveTheNumberInThePage() throws Exception {
        assertThat(shown(resource("many-scripts.html"), "127.0.0.1"))
                .isEqualTo("CE " + token(TestCards.VISA_ONES) + "; ER 0021::Data too short; HI CardSecure Server OK; "
                        + "the URL can be looked up");
    }

    @Test
    void aLibraryThatRunsJavaScriptDoesNotRunAReply() throws Exception {
        String reply = "processToken( { \"action\" : \"CE\", \"data\" : \"" + token(TestCards.VISA_ONES) + "\" } )";

        assertThat(shown(resource("library.html"), "127.0.0.1")).isEqualTo("not run " + reply.length());
    }

    @Test
    void anXmlReplyIsReadAsADocument() throws Exception {
        assertThat(shown(resource("response-xml.html"), "127.0.0.1"))
                .isEqualTo("cardsecure CE " + token(TestCards.VISA_ONES));
    }

    @Test
    void aSiteThatListsItsOriginsIsReadFromThoseAndNoOthers() throws Exception {
        server.addSite("open", Map.of("origins", "https://shop.example.com," + shop.origin()));
        server.addSite("closed", Map.of("origins", "https://shop.example.com"));
        String page = pay("XMLHttpRequest", TestCards.VISA_ONES);

        assertThat(shown(page, "open.localhost")).matches("9[0-9]{15}");
        assertThat(shown(page, "closed.localhost")).isEqualTo(UNREADABLE);
    }

    @Test
    void aPageSendsCredentialsWhereItsOriginIsListedAndReadsThatTheyAreWrong() throws Exception {
        server.addSite("open", Map.of("origins", shop.origin()));
        server.addUser("open", "till", "bin", "a long password");
        server.addSite("closed", Map.of("origins", "https://shop.example.com"));
        String page = resource("own-headers.html");

        assertThat(List.of(shown(page, "open.localhost"), shown(page, "127.0.0.1"), shown(page, "closed.localhost")))
                .containsExactly("200 action=HI&amp;data=CardSecure+Server+OK", "401 401 Unauthorized", UNREADABLE);
    }

    /// As the document says: the origins of a site are a rule for what pages may read, and scripts do not read.
    @Test
    void aScriptElementHeedsNoOrigins() throws Exception {
        server.addSite("closed", Map.of("origins", "https://shop.example.com"));

        assertThat(shown(pay("Script", TestCards.VISA_ONES), "closed.localhost"))
                .matches("9[0-9]{15}");
    }
}
