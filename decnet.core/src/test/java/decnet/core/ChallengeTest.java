package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChallengeTest {
    @Test
    void itsTextIsReadableAndComesBackExactly() {
        Challenge challenge = Challenge.of("realm", "IP Camera(C1234)", "uri", "/a?b=1&c", "method", "GET");

        assertThat(challenge.text()).isEqualTo("realm=IP%20Camera%28C1234%29&uri=/a%3Fb%3D1%26c&method=GET");
        assertThat(Challenge.parse(challenge.text())).isEqualTo(challenge);
    }

    @Test
    void aValueAloneIsTheChallengeItself() {
        assertThat(Challenge.parse("0123abcd").part("challenge")).contains("0123abcd");
        assertThat(Challenge.parse("0123abcd").part("realm")).isEmpty();
    }

    @Test
    void anyBytesComeBackAndAnyTextIsRead() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            Challenge challenge = Challenge.of("nonce", new String(bytes, StandardCharsets.ISO_8859_1), "qop", "auth");

            assertThat(Challenge.parse(challenge.text())).isEqualTo(challenge);
            assertThat(challenge.text()).matches("[ -~]*");
            assertThat(Challenge.parse(new String(bytes, StandardCharsets.ISO_8859_1))
                            .parts())
                    .isNotNull();
        }
    }
}
