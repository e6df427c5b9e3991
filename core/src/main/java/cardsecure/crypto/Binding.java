package cardsecure.crypto;

import cardsecure.store.TokenPlace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a sealed blob is bound to: it opens there and nowhere else. Its bytes are the AAD, and no two bindings have the
/// same.
public sealed interface Binding {

    /// The datum of a row: `R | site (4) | domain (1) | token`.
    record Row(TokenPlace place) implements Binding {
        @Override
        public byte[] aad() {
            byte[] token = place.token().bytes();
            return ByteBuffer.allocate(6 + token.length)
                    .put((byte) 'R')
                    .putInt(place.site().number())
                    .put((byte) place.domain().letter())
                    .put(token)
                    .array();
        }
    }

    /// The value of a setting: `S | name`.
    record Setting(String name) implements Binding {
        @Override
        public byte[] aad() {
            return ("S" + name).getBytes(StandardCharsets.UTF_8);
        }
    }

    /// The additional authenticated data.
    byte[] aad();
}
