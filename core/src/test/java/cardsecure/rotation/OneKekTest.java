package cardsecure.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.AesKeyWrapper;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyWrapper;
import cardsecure.secret.SecretBytes;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Peers;
import cardsecure.store.QuietPeers;
import cardsecure.store.TokenStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Servers that share a vault need one KEK before anything is done to its keys.
class OneKekTest {
    private final List<Peers.Peer> live = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();

    private final Peers peers = new QuietPeers() {
        @Override
        public void report(long generation, String kekId) {
            reported.add(kekId);
        }

        @Override
        public List<Peer> live() {
            return List.copyOf(live);
        }
    };

    private final TokenStore shared = new ForwardingTokenStore(new MemoryTokenStore()) {
        @Override
        public Peers peers() {
            return peers;
        }
    };

    private static KeyWrapper otherKek() {
        byte[] other = new byte[AesKeyWrapper.LENGTH];
        Arrays.fill(other, (byte) 7);
        return new AesKeyWrapper(SecretBytes.owning(other), new SecureRandom());
    }

    /// Whose own KEK is the one of before must not have the others restarted with it.
    @Test
    void aServerWithTheKekOfBeforeSaysThatItIsTheOneToRestart() throws Exception {
        try (LivingVault here = new LivingVault(shared);
                LivingVault elsewhere = new LivingVault(shared)) {
            KeyWrapper to = otherKek();
            elsewhere.keys.rewrap(to);
            live.add(new Peers.Peer("node-a/12", elsewhere.keys.ring().generation(), to.kekId()));

            assertThat(here.keys.hasFormerKek()).isTrue();
            assertThat(elsewhere.keys.hasFormerKek()).isFalse();
            assertThat(Refusals.of(here.procedures::rotateDataKey).reason())
                    .contains("restart this server")
                    .doesNotContain("node-a/12");
        }
    }

    @Test
    void noKeyIsChangedWhileALiveServerHasTheKekOfBefore() throws Exception {
        KeyWrapper to = otherKek();
        try (LivingVault vault = new LivingVault(shared)) {
            String before = vault.keys.kekId();
            vault.procedures.rotateDataKey();
            vault.keys.rewrap(to);
            assertThat(reported).endsWith(to.kekId());
            live.add(new Peers.Peer("node-a/12", vault.keys.ring().generation(), before));
            assertThat(vault.keys.peersWithOtherKek()).containsExactly("node-a/12");

            KeyRing ring = vault.keys.ring();
            Refusal refusal = Refusals.of(vault.procedures::rotateDataKey);
            assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
            assertThat(refusal.reason()).contains("node-a/12", "restart");
            assertThat(vault.keys.ring()).isEqualTo(ring);
            assertThat(shared.requiredGeneration()).isLessThanOrEqualTo(ring.generation());

            // Restarted with the new one, another just starting, and one of a version that says nothing of it.
            live.clear();
            live.add(new Peers.Peer("node-a/13", Long.MAX_VALUE, to.kekId()));
            live.add(new Peers.Peer("node-b/1", Long.MAX_VALUE, ""));
            vault.procedures.rotateDataKey();
            assertThat(vault.keys.ring().generation()).isGreaterThan(ring.generation());
        }
    }
}
