/* SPDX-License-Identifier: Apache-2.0 */
#error this header is looked for, never included
