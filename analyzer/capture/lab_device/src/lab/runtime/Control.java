package lab.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The line to the device: newline-delimited JSON over loopback. Without `lab.control` it is silent. */
public final class Control {
    private static final Object LOCK = new Object();
    private static Socket socket;
    private static OutputStream out;

    private Control() {}

    static void connect() throws IOException {
        String address = System.getProperty("lab.control");
        if (address == null) {
            return;
        }
        int colon = address.lastIndexOf(':');
        // NO_PROXY: the control line must never travel through the proxy under observation.
        socket = new Socket(Proxy.NO_PROXY);
        socket.connect(new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        out = socket.getOutputStream();
        Map<String, Object> hello = new LinkedHashMap<>();
        hello.put("process", App.processName());
        hello.put("pid", ProcessHandle.current().pid());
        hello.put("token", System.getProperty("lab.token", ""));
        send(Map.of("hello", hello));
    }

    /** Starts to obey commands; the process dies with its device. */
    static void listen() {
        if (socket == null) {
            return;
        }
        Thread reader = new Thread(Control::read, "lab-control");
        reader.setDaemon(true);
        reader.start();
    }

    /** Tells the device something; pairs of names and values follow the event's name. */
    public static void event(String name, Object... members) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", name);
        for (int i = 0; i + 1 < members.length; i += 2) {
            line.put(String.valueOf(members[i]), members[i + 1]);
        }
        send(line);
    }

    private static void read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answer(line);
            }
        } catch (IOException | RuntimeException | Error gone) {
            // the device is gone, or with it the agent from under a method that was hooked: handled below
        }
        Main.die(0);
    }

    private static void answer(String line) {
        Map<String, Object> reply = new LinkedHashMap<>();
        Runnable after = null;
        try {
            Map<String, Object> command = Json.object(line);
            reply.put("id", command.get("id"));
            Commands.Answer answer = Commands.obey(command);
            reply.put("ok", answer.members);
            after = answer.after;
        } catch (Exception problem) {
            reply.put("error", String.valueOf(problem.getMessage()));
        }
        send(reply);
        if (after != null) {
            after.run();
        }
    }

    private static void send(Map<String, Object> line) {
        byte[] bytes = (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (LOCK) {
            if (out == null) {
                return;
            }
            try {
                out.write(bytes);
                out.flush();
            } catch (IOException gone) {
                out = null; // the reader ends the process
            }
        }
    }
}
