package cardsecure.http;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.secret.SecretBytes;
import cardsecure.vault.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The header `Authorization`, right and wrong.
class BasicCredentialsTest {
    private static Credentials of(String userAndPassword) {
        byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
        return BasicCredentials.of("Basic " + Base64.getEncoder().encodeToString(bytes));
    }

    private static Credentials basic(String user, String password) {
        return new Credentials.Basic(user, SecretBytes.copyOf(password.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theFirstColonDividesThem() {
        assertThat(of("Aladdin:open sesame")).isEqualTo(basic("Aladdin", "open sesame"));
        assertThat(of("user:a:b:")).isEqualTo(basic("user", "a:b:"));
        assertThat(of("user:")).isEqualTo(basic("user", ""));
        assertThat(of("test:123£")).isEqualTo(basic("test", "123£"));
    }

    @Test
    void theSchemeIsReadInAnyCase() {
        assertThat(BasicCredentials.of("bAsIc  dGVzdDoxMjPCow== ")).isEqualTo(basic("test", "123£"));
    }

    @Test
    void whatIsMalformedIsWrongAndNotAbsent() {
        for (String header : List.of("Basic", "Basic ", "Basic !!!", "Basic dGVzdA==", "basic dGVzdDoxMjPCow=")) {
            assertThat(BasicCredentials.of(header)).as(header).isEqualTo(basic("", ""));
        }
    }

    @Test
    void anotherSchemeIsNone() {
        for (String header : List.of("", "Bearer abc", "Basically dGVzdDoxMjPCow==", "Digest username=\"u\"")) {
            assertThat(BasicCredentials.of(header)).as(header).isEqualTo(new Credentials.None());
        }
    }
}
