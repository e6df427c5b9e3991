package cardsecure.dukpt;

import static cardsecure.dukpt.TestKsns.hex;
import static cardsecure.dukpt.TestKsns.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyBlockTest {
    private static final KeyBlockKey.Cipher TDES = KeyBlockKey.Cipher.TDES;
    private static final KeyBlockKey.Cipher AES = KeyBlockKey.Cipher.AES;

    private static final List<BaseKeyAlgorithm> AES_ALGORITHMS =
            List.of(BaseKeyAlgorithm.AES_128, BaseKeyAlgorithm.AES_192, BaseKeyAlgorithm.AES_256);

    /// TR-31:2018, A.7.3.2.
    private static final String VERSION_B =
            "B0104B0TX12S0100KS1800604B120F9292800000BB68BE8680A400D9191AD4ECE45B6E6C0D21C4738A52190E248719E24B433627";

    private static final KeyBlockKey B_KEY = new KeyBlockKey(TDES, secret("1D22BF32387C600AD97F9B97A51311AC"));

    /// Made by a Thales payShield 10K; openemv/tr31, test/tr31_decrypt_test.c.
    private static final String VERSION_D = "D0112B0TN00N000037DB9B046B7B0048785690759580ABC3"
            + "B9842AB4BB7717B49E92528E575785D8123559376A2553B27BE94F054F4E971C";

    private static final KeyBlockKey D_KEY = new KeyBlockKey(AES, secret("41".repeat(32)));

    /// TR-31:2018, A.7.3.1.
    private static final String VERSION_C =
            "C0096B0TX12S0100KS1800604B120F9292800000BFB9B689CB567E66FC3FEE5AD5F52161FC6545B9D60989015D02155C";

    private static final KeyBlockKey C_KEY = new KeyBlockKey(TDES, secret("B8ED59E0A279A295E9F5ED7944FD06B9"));

    @Test
    void thePublishedBlocksOpen() {
        assertThat(unwrap(VERSION_B, B_KEY)).isEqualTo("E8BC63E5479455E26577F715D587FE68");
        assertThat(unwrap(VERSION_C, C_KEY)).isEqualTo("EDB380DD340BC2620247D445F5B8D678");
        assertThat(unwrap(VERSION_D, D_KEY)).isEqualTo("1FA1F7CEC798D91545DA8AE0C7796BD9");
        assertThat(KeyBlock.parse(VERSION_D).unwrap(D_KEY).checkValue()).hasToString("FF5087");
    }

    /// The keys of TR-31:2018, A.7.2 and A.7.4 are not base keys, and everything else of the blocks is right.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "A0072P0TE00E0000F5161ED902807AF26F1D62263644BD24192FDB3193C730301CEE8701",
                "B0080P0TE00E000094B420079CC80BA3461F86FE26EFC4A3B8E4FA4C5F5341176EED7B727B8A248E",
                "D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A2"
                        + "7E8E31DA05F7425509593D03A457DC34",
                "A0072K0TN00N0000F40D5672C6D0EC86F860BA88D44D00F0CA9A8CE8CD2F640287A9A9EB"
            })
    void aKeyForSomethingElseIsRefused(String block) {
        assertThat(Refusals.of(() -> KeyBlock.parse(block)).reason()).contains("usage is not B0");
    }

    @Test
    void anAesKeyIsReadUnderAnAesKeyOfItsStrength() {
        Seeded.forAll(200, random -> {
            KeyBlockKey protection = new KeyBlockKey(AES, KeyBlockMaker.random(random, 16 + 8 * random.nextInt(3)));
            BaseKeyAlgorithm algorithm = AES_ALGORITHMS.get(random.nextInt(3));
            BaseKey key = new BaseKey(algorithm, KeyBlockMaker.random(random, algorithm.length()));
            String block = KeyBlockMaker.aes(protection, "B0AX00N", key.key(), random);

            if (algorithm.length() > protection.key().length()) {
                assertThat(Refusals.of(() -> KeyBlock.parse(block).unwrap(protection))
                                .reason())
                        .contains("stronger");
            } else {
                assertThat(KeyBlock.parse(block).unwrap(protection)).isEqualTo(key);
            }
        });
    }

    @Test
    void anotherKeyOpensNothing() {
        for (String block : new String[] {VERSION_B, VERSION_C}) {
            assertThat(Refusals.of(() -> KeyBlock.parse(block)
                                    .unwrap(new KeyBlockKey(TDES, secret("00112233445566778899AABBCCDDEEFF"))))
                            .reason())
                    .contains("MAC is wrong");
        }
        assertThat(Refusals.of(() -> KeyBlock.parse(VERSION_D).unwrap(B_KEY)).reason())
                .contains("needs a key-block key of aes");
        assertThat(Refusals.of(() -> KeyBlock.parse(VERSION_B).unwrap(D_KEY)).reason())
                .contains("needs a key-block key of tdes");
    }

    /// 32 bits of MAC, and one of 2 to the 32 changes would go unseen: none of these.
    @ParameterizedTest
    @CsvSource({"B", "C", "D"})
    void whateverIsChangedIsSeen(String version) {
        String block = block(version);
        for (int at = 0; at < block.length(); at++) {
            for (char other : "0X9Z ".toCharArray()) {
                String changed = block.substring(0, at) + other + block.substring(at + 1);
                if (!changed.equals(block)) {
                    assertThat(Refusals.codeOf(() -> KeyBlock.parse(changed).unwrap(key(version))))
                            .as("%s at %d", other, at)
                            .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
                }
            }
            String cut = block.substring(0, at);
            assertThat(Refusals.codeOf(() -> KeyBlock.parse(cut))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        }
    }

    @Test
    void whateverTheTextIsItIsRefusedWithoutBeingRepeated() {
        Seeded.forAll(20_000, random -> {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? VERSION_B : VERSION_D);
            for (int i = 0; i <= random.nextInt(4); i++) {
                text.setCharAt(random.nextInt(random.nextBoolean() ? 24 : text.length()), (char) random.nextInt(300));
            }
            try {
                KeyBlock.parse(text.toString()).unwrap(text.charAt(0) == 'D' ? D_KEY : B_KEY);
                assertThat(text.toString().toUpperCase(Locale.ROOT)).isIn(VERSION_B, VERSION_D);
            } catch (Refusal refusal) {
                assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
            }
        });
    }

    @Test
    void optionalBlocksOfAnyLengthAreTolerated() {
        Seeded.forAll(50, random -> {
            String optional = "KS1800604B120F9292800000" + "LB000401A0" + "P".repeat(0x196) + "PB080000";
            BaseKey key = new BaseKey(BaseKeyAlgorithm.TDES, KeyBlockMaker.random(random, 16));
            String block = KeyBlockMaker.aes(D_KEY, "B0TX00N", optional, 3, key.key(), random);

            assertThat(KeyBlock.parse(block).unwrap(D_KEY)).isEqualTo(key);
        });
    }

    private static String unwrap(String block, KeyBlockKey key) {
        return hex(KeyBlock.parse(block).unwrap(key).key());
    }

    private static String block(String version) {
        return version.equals("B") ? VERSION_B : version.equals("C") ? VERSION_C : VERSION_D;
    }

    private static KeyBlockKey key(String version) {
        return version.equals("B") ? B_KEY : version.equals("C") ? C_KEY : D_KEY;
    }
}
