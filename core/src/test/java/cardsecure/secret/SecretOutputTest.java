package cardsecure.secret;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class SecretOutputTest {
    @Test
    void whatIsWrittenIsTakenOnce() {
        Seeded.forAll(20, random -> {
            SecretOutput output = new SecretOutput();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int i = 0; i < 50; i++) {
                byte[] part = new byte[random.nextInt(400)];
                random.nextBytes(part);
                int from = part.length == 0 ? 0 : random.nextInt(part.length);
                output.write(part, from, part.length - from);
                expected.write(part, from, part.length - from);
                output.write(i);
                expected.write(i);
            }
            assertThat(output.take().reveal()).isEqualTo(expected.toByteArray());
            assertThat(output.take().length()).isZero();
        });
    }

    @Test
    void whatIsTakenOrOutgrownOrNotTakenIsOverwritten() {
        SecretOutput output = new SecretOutput();
        byte[] first = output.bytes;
        output.write(7);
        output.write(new byte[] {7, 7}, 0, 2);
        output.take();
        assertThat(first).containsOnly(0);
        for (int i = 0; i <= first.length; i++) {
            output.write(7);
        }
        assertThat(output.bytes).isNotSameAs(first).contains(7);
        assertThat(first).containsOnly(0);
        output.close();
        assertThat(output.bytes).containsOnly(0);
        assertThat(output.take().length()).isZero();
    }
}
