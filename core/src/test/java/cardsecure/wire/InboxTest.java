package cardsecure.wire;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final int LONGEST = 5000;

    private static void put(Inbox inbox, byte... bytes) {
        int at = 0;
        while (at < bytes.length) {
            ByteBuffer space = inbox.space();
            int count = Math.min(space.remaining(), bytes.length - at);
            space.put(bytes, at, count);
            at += count;
        }
    }

    private static byte[] all(ByteBuffer space) {
        byte[] bytes = new byte[space.capacity()];
        space.duplicate().clear().get(bytes);
        return bytes;
    }

    @Test
    void whatComesIsWhatIsTaken() {
        Seeded.forAll(200, random -> {
            Inbox inbox = new Inbox(LONGEST);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            for (int i = 0; i < 40; i++) {
                byte[] bytes = new byte[random.nextInt(Math.min(LONGEST - inbox.length(), 700) + 1)];
                random.nextBytes(bytes);
                put(inbox, bytes);
                sent.writeBytes(bytes);
                int length = random.nextInt(inbox.length() + 1);
                taken.writeBytes(inbox.copy(0, length));
                inbox.take(length);
            }
            taken.writeBytes(inbox.copy(0, inbox.length()));
            assertThat(taken.toByteArray()).isEqualTo(sent.toByteArray());
        });
    }

    @Test
    void placesCountFromWhatIsNotTaken() {
        Inbox inbox = new Inbox(LONGEST);
        put(inbox, (byte) 9, (byte) 0, (byte) 0, (byte) 1, (byte) 2, (byte) 'a');
        inbox.take(1);
        assertThat(inbox.length()).isEqualTo(5);
        assertThat(inbox.intAt(0)).isEqualTo(0x102);
        assertThat(inbox.at(3)).isEqualTo((byte) 2);
        assertThat(inbox.is(new byte[] {1, 2}, 2, 4)).isTrue();
        assertThat(inbox.is(new byte[] {1}, 2, 4)).isFalse();
        assertThat(inbox.text(4, 5)).isEqualTo("a");
        assertThat(inbox.secret(2, 4).reveal()).containsExactly(1, 2);
    }

    /// Also where it had to grow, and where it moved what was left to the begin.
    @Test
    void nothingIsLeftOfWhatWasTaken() {
        Inbox inbox = new Inbox(LONGEST);
        byte[] secret = new byte[3000];
        Arrays.fill(secret, (byte) 'x');
        ByteBuffer first = inbox.space();
        put(inbox, secret);
        ByteBuffer grown = inbox.space();
        assertThat(all(first)).containsOnly(0);
        inbox.take(2000);
        put(inbox, Arrays.copyOf(secret, 2500));
        inbox.take(inbox.length());
        assertThat(all(grown)).containsOnly(0);
        assertThat(inbox.isEmpty()).isTrue();
        assertThat(inbox.space().capacity()).isLessThan(secret.length);
    }
}
