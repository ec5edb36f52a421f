/* What makes the desk quicker for who has scripts; all of it works without. */
import './keys.js'
import './selecting.js'
import './coding.js'
