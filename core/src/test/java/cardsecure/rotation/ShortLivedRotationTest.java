package cardsecure.rotation;

import static cardsecure.TestCards.secret;
import static cardsecure.store.StoreSamples.place;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.KeyId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.TokenStore;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Keys of short-lived data when the keys are replaced that those are sealed under.
@Timeout(60)
class ShortLivedRotationTest {
    private static final Instant DEADLINE = Instant.ofEpochSecond(1200);

    private final TokenStore store = new MemoryTokenStore();

    @Test
    void theyAreSealedAnewAndGoOnOpening() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            ShortLivedKeys keys = new ShortLivedKeys(vault.keys.settings(), SecureRandom::new);
            ShortLivedRow row = keys.seal(place("t1"), DEADLINE, secret("track"));
            KeyId first = vault.keys.ring().dataKeys().current().id();
            assertThat(vault.census().settings().get(first)).isPositive();
            vault.procedures.rotateDataKey();
            vault.reseal();
            assertThat(vault.census().needing(first)).isZero();
            vault.procedures.retire(first, _ -> {});
            vault.procedures.destroy(first);
            for (SealedData kept : store.settings(ShortLivedKeys.PREFIX).values()) {
                assertThat(Barrier.keyId(kept))
                        .contains(vault.keys.ring().dataKeys().current().id());
            }
            ShortLivedKeys again = new ShortLivedKeys(vault.keys.settings(), SecureRandom::new);
            assertThat(again.open(row)).isEqualTo(secret("track"));
            assertThat(again.destroyPast(DEADLINE)).isEqualTo(1);
            assertThat(store.settingNames(ShortLivedKeys.PREFIX)).isEmpty();
        }
    }
}
