package com.pinned;

import android.app.Activity;

/** Shows nothing. */
public class PinnedActivity extends Activity {}
