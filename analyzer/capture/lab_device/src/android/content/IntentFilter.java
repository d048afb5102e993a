package android.content;

import java.util.ArrayList;
import java.util.List;

public class IntentFilter {
    private final List<String> actions = new ArrayList<>();

    public IntentFilter() {}

    public IntentFilter(String action) {
        addAction(action);
    }

    public final void addAction(String action) {
        if (!actions.contains(action)) {
            actions.add(action);
        }
    }

    public final int countActions() {
        return actions.size();
    }

    public final String getAction(int index) {
        return actions.get(index);
    }

    public final boolean hasAction(String action) {
        return action != null && actions.contains(action);
    }
}
