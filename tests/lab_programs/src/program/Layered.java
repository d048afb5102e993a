package program;

import java.nio.charset.StandardCharsets;
import org.conscrypt.ConscryptFileDescriptorSocket;

/** Speaks TLS by streams of Java that hand everything to a native library. */
public final class Layered {
    private Layered() {}

    public static void main(String[] args) throws Exception {
        System.load(args[0]);
        for (int number = 0; number < 2; number++) {
            try (ConscryptFileDescriptorSocket socket = new ConscryptFileDescriptorSocket("left.example", Integer.parseInt(args[1]))) {
                String body = "{\"imei\":\"490154203237518\",\"number\":" + number + "}";
                String head = "POST /layered HTTP/1.0\r\nHost: left.example\r\nContent-Length: " + body.length() + "\r\n\r\n";
                socket.getOutputStream().write('P');
                socket.getOutputStream().write(head.substring(1).getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
                System.out.println(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().reduce("", (before, line) -> line));
            }
        }
        System.out.flush();
    }
}
