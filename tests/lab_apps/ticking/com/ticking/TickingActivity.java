package com.ticking;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;

/** Starts the second process at once. */
public class TickingActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        startService(new Intent(this, TickingService.class));
    }
}
