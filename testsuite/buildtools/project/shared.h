/* SPDX-License-Identifier: Apache-2.0 */
int classify(int len);
