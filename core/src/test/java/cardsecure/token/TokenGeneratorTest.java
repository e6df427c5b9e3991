package cardsecure.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.Seeded;
import cardsecure.card.VisibleDigits;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TokenGeneratorTest {
    private static final VisibleDigits ENDS = new VisibleDigits.Ends("44", "1111");
    private static final List<TokenFormat> FORMATS = List.of(
            new TokenFormat.Numeric(),
            new TokenFormat.Hyphenated(),
            new TokenFormat.Alphanumeric(),
            new TokenFormat.Alphanumeric(64));

    @Test
    void everyTokenIsOfItsFormat() {
        Seeded.forAll(500, random -> {
            TokenGenerator generator = new TokenGenerator(random);
            VisibleDigits ends = new VisibleDigits.Ends(digits(random, 2), digits(random, 4));
            for (TokenFormat format : FORMATS) {
                assertThat(format.matches(generator.draw(format, ends).text())).isTrue();
            }
        });
    }

    @Test
    void visibleDigitsAreKept() {
        Seeded.forAll(500, random -> {
            TokenGenerator generator = new TokenGenerator(random);
            String first = digits(random, 2);
            String last = digits(random, 4);
            VisibleDigits ends = new VisibleDigits.Ends(first, last);
            assertThat(generator.draw(new TokenFormat.Numeric(), ends).text())
                    .startsWith("9" + first)
                    .endsWith(last);
            assertThat(generator.draw(new TokenFormat.Hyphenated(), ends).text())
                    .startsWith(first + "-")
                    .endsWith("-" + last);
        });
    }

    @Test
    void everyFreeDigitIsSpreadEvenly() {
        TokenGenerator generator = new TokenGenerator(new Random(1));
        int[][] seen = new int[16][10];
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            String token = generator.draw(new TokenFormat.Numeric(), ENDS).text();
            for (int place = 3; place < 12; place++) {
                seen[place][token.charAt(place) - '0']++;
            }
        }

        // Six standard deviations of a binomial with p = 0.1 are 255.
        for (int place = 3; place < 12; place++) {
            assertThat(Arrays.stream(seen[place])).as("place %d", place).allMatch(n -> Math.abs(n - draws / 10) < 255);
        }
    }

    @Test
    void everyLetterAndDigitComesUp() {
        TokenGenerator generator = new TokenGenerator(new Random(1));
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            generator
                    .draw(new TokenFormat.Alphanumeric(), new VisibleDigits.None())
                    .text()
                    .chars()
                    .forEach(seen::add);
        }

        assertThat(seen).hasSize(62);
    }

    @Test
    void tokensSeldomRepeat() {
        TokenGenerator generator = new TokenGenerator(new Random(1));
        Set<Token> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            seen.add(generator.draw(new TokenFormat.Numeric(), ENDS));
        }

        // Of 10^4 out of 10^8 about half a one is expected twice.
        assertThat(seen).hasSizeGreaterThan(9_990);
    }

    @Test
    void anAlphanumericTokenIsNeverANumber() {
        int[] place = {0};
        RandomGenerator digitsFirst = new RandomGenerator() {
            @Override
            public int nextInt(int bound) {
                place[0]++;
                return place[0] <= 24 ? place[0] % 10 : 10;
            }

            @Override
            public long nextLong() {
                throw new IllegalStateException("only numbers below a bound are drawn");
            }
        };

        Token token = new TokenGenerator(digitsFirst).draw(new TokenFormat.Alphanumeric(), new VisibleDigits.None());

        assertThat(token.text()).isEqualTo("AAAAAAAA");
        assertThat(place[0]).isEqualTo(32);
    }

    @Test
    void dataWithoutDigitsGetNoFormatThatShowsThem() {
        TokenGenerator generator = new TokenGenerator(new Random(1));

        for (TokenFormat format : FORMATS) {
            if (format.showsDigits()) {
                assertThatIllegalArgumentException().isThrownBy(() -> generator.draw(format, new VisibleDigits.None()));
            } else {
                assertThat(generator.draw(format, new VisibleDigits.None())).isNotNull();
            }
        }
    }

    private static String digits(Random random, int length) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < length; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }
}
